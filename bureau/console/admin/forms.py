"""Forms of the staff tables; what they ask for is done by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps


class StaffForm(forms.ModelForm):
    """A member of staff; a password is issued to a new one, and anew to who has forgotten his."""

    new_password = forms.BooleanField(
        label="重新生成密码",
        required=False,
        help_text="本人忘记密码时勾选。保存后显示一次初始密码，本人须在 7 天内登录并改成自己的；其余登录立即失效。",
    )
    reason = forms.CharField(label="停用原因", required=False, max_length=200, help_text="停用账号时必须写明。")

    class Meta:
        model = apps.get_model("organization.Staff")
        fields = ("username", "full_name", "area", "office", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "is_active" in self.fields:
            self.fields["is_active"].label = "账号启用"
            self.fields["is_active"].help_text = "停用后不能登录，已登录的下一次点击即退出。"
        if "area" in self.fields:
            self.fields["area"].required = True


class StaffChoice(forms.ModelChoiceField):
    """People by name and user name, since two may bear one name."""

    def label_from_instance(self, staff: Any) -> str:
        return f"{staff}（{staff.username}）"


class AssignmentForm(forms.ModelForm):
    """A duty: given from a day on; ended by the first day without it."""

    class Meta:
        model = apps.get_model("organization.DutyAssignment")
        fields = ("staff", "duty", "valid_from", "valid_until")
