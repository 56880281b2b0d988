"""Signing in: one sentence for every failure, so that nobody learns which user names exist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {  # noqa: RUF012
        "invalid_login": "用户名或密码不正确。请核对后重试；多次不能登录，请联系系统管理员。",
        "inactive": "用户名或密码不正确。请核对后重试；多次不能登录，请联系系统管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


class SearchForm(forms.Form):
    """What was typed or scanned into the search box."""

    q = forms.CharField(label="查询", max_length=60, required=False)
