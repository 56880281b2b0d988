"""Forms of the staff tables; what they ask for is done by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps


class StaffForm(forms.ModelForm):
    """A member of staff; the password is asked for a new one, and may be reset for a known one."""

    password = forms.CharField(
        label="密码",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符，不能全为数字，不能与用户名相近。",
    )
    reason = forms.CharField(label="停用原因", required=False, max_length=200, help_text="停用账号时必须写明。")

    class Meta:
        model = apps.get_model("organization.Staff")
        fields = ("username", "full_name", "area", "office", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        if "is_active" in self.fields:
            self.fields["is_active"].label = "账号启用"
            self.fields["is_active"].help_text = "停用后不能登录，已登录的下一次点击即退出。"
        if "area" in self.fields:
            self.fields["area"].required = True
        if "password" in self.fields:
            self.fields["password"].required = is_new
            if not is_new:
                self.fields["password"].label = "重设密码"
                self.fields["password"].help_text = "不重设请留空。重设后，其余登录立即失效。"


class StaffChoice(forms.ModelChoiceField):
    """People by name and user name, since two may bear one name."""

    def label_from_instance(self, staff: Any) -> str:
        return f"{staff}（{staff.username}）"


class AssignmentForm(forms.ModelForm):
    """A duty: given from a day on; ended by the first day without it."""

    class Meta:
        model = apps.get_model("organization.DutyAssignment")
        fields = ("staff", "duty", "valid_from", "valid_until")
