"""Signing in (one sentence for every failure, so that nobody learns which names exist), the own account, searching."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from bureau.console import access, sessions, sign_ins
from bureau.console.addresses import address_of
from bureau.kernel import sheets
from bureau.kernel.errors import BusinessError
from bureau.organization.services import second_factor, sign_in, staffing


class SignInForm(AuthenticationForm):
    """User name and password; in a pause neither is looked at."""

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

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        assert self.request is not None  # noqa: S101  the view always gives it
        address = address_of(self.request)
        try:
            is_last = sign_in.knock(username=username, address=address)
        except BusinessError as error:
            raise ValidationError(error.message, code="paused") from error
        try:
            super().clean()
        except ValidationError:
            if is_last:
                sign_ins.paused(self.request, username)
            raise
        sign_in.welcome(username=username, address=address)
        return self.cleaned_data

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.initial_until is not None and user.initial_until <= timezone.now():
            sign_ins.initial_over(self.request, user)
            raise ValidationError("初始密码已过期，请联系系统管理员重新生成。", code="initial_over")

    @property
    def is_paused(self) -> bool:
        return self.has_error("__all__", "paused")


class CodeForm(forms.Form):
    """Six digits from the authenticator."""

    code = forms.RegexField(
        r"\A[0-9]{6}\Z",
        label="验证码",
        max_length=6,
        strip=True,
        error_messages={"required": "请填写验证码。", "invalid": "验证码是六位数字。"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "size": 8}
        ),
    )


class ReasonForm(forms.Form):
    """Why an account's protection is lifted."""

    reason = forms.CharField(
        label="原因", max_length=200, help_text="将记入操作日志。", error_messages={"required": "请填写原因。"}
    )


class OwnPasswordForm(PasswordChangeForm):
    """One's own password, set through the service, which writes it down; all other sessions end."""

    usable_password = None
    error_messages = {  # noqa: RUF012
        **PasswordChangeForm.error_messages,
        "password_incorrect": "现在的密码不正确。",
        "password_mismatch": "两次输入的新密码不一致。",
    }

    code = CodeForm.base_fields["code"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].widget.attrs.pop("autofocus")
        self.fields["code"].help_text = "请填写身份验证器当前显示的六位数字。"
        if not settings.SECOND_FACTOR_REQUIRED or sessions.is_fresh(request):
            del self.fields["code"]
        self.fields["old_password"].label = "现在的密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password1"].help_text = (
            "至少 10 个字符，长短、字符种类不限，可以是一句话；不能全是数字，不能与用户名或姓名相近，"
            "不能是常见密码，也不能主要由单位、岗位或地名组成。"
        )
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        try:
            return super().clean_old_password()
        except ValidationError:
            sign_ins.password_refused(self.request)
            raise

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError("新密码不能与现在的密码相同。", code="password_kept")
        return password

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # Last of all, since a code is good once.
        if "code" in self.fields and not self.errors:
            try:
                second_factor.verify(self.user, code=self.cleaned_data["code"])
            except BusinessError as error:
                sign_ins.code_refused(self.request, self.user)
                self.add_error("code", error.message)
        return cleaned

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        staffing.set_password(self.user, password=self.cleaned_data["new_password1"], by=self.user)
        return self.user


class EndSessionsForm(forms.Form):
    """Which of one's other sessions end; whoever sits before an open screen does not know the password."""

    ALL = "others"

    which = forms.ChoiceField(
        label="结束哪一处",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结束哪一处。", "invalid_choice": "这一处登录已经结束。"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        help_text="请再输一次，确认是您本人。",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )

    def __init__(self, *args: Any, request: HttpRequest, others: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        each = [(str(row.pk), f"{row}，{timezone.localtime(row.began_at):%Y-%m-%d %H:%M} 登录") for row in others]
        choice = cast("forms.ChoiceField", self.fields["which"])
        choice.choices = [(self.ALL, "其余全部"), *each]
        choice.initial = self.ALL

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not access.staff(self.request).check_password(password):
            sign_ins.password_refused(self.request)
            raise ValidationError("密码不正确。", code="password_incorrect")
        return password


class SearchForm(forms.Form):
    """What was typed or scanned into the search box."""

    q = forms.CharField(label="查询", max_length=60, required=False)


class TableField(forms.FileField):
    """A table from outside (`bureau.kernel.sheets`): not too large, and named as what it begins like."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file is None:
            return None
        if file.size > sheets.MAX_BYTES:
            raise ValidationError(f"文件超过 {sheets.MAX_BYTES // 1024 // 1024} MB，请拆开后再交。")
        begin = file.read(16)
        file.seek(0)
        try:
            sheets.check_name(file.name, begin)
        except BusinessError as error:
            raise ValidationError(error.message, code=error.code) from error
        return file
