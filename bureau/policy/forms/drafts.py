"""What the desks of drafting and checking take in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone


class _Desk(forms.Form):
    """Every field says in Chinese that it is wanted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


class StartForm(_Desk):
    """From which release a draft begins, and why."""

    base = forms.ChoiceField(label="依据", help_text="通常依据现行发布；要回到从前的规定，选从前的发布。")
    note = forms.CharField(label="起草说明", max_length=200, help_text="为什么改、依据什么文件；复核人首先看到它。")

    def __init__(self, *args: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        base = self.fields["base"]
        assert isinstance(base, forms.ChoiceField)  # noqa: S101  tells mypy which field it is
        base.choices = bases


class DocumentForm(_Desk):
    """A new document."""

    document_id = forms.CharField(
        label="文件编号", max_length=60, help_text="小写字母、数字和短横线，如 mianyang-outpatient-2024。"
    )
    title = forms.CharField(label="文件名称", max_length=200)
    valid_from = forms.DateField(
        label="施行日期",
        help_text="就医日期在这一天及以后的费用按它办理。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "施行日期应写成 2023-06-01。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()


class ReasonForm(_Desk):
    """Why a draft goes back."""

    reason = forms.CharField(label="退回原因", max_length=200, help_text="起草人据此修改，并记入操作日志。")
