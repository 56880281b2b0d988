"""What the roster desk takes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from bureau.console.forms import TableField
from bureau.kernel.periods import Month
from bureau.trail.terms import BatchStage
from relief.terms import RosterSource


class UploadForm(forms.Form):
    """A full monthly list of one office for one county."""

    source = forms.ChoiceField(label="来源部门", choices=RosterSource.choices())
    month = forms.CharField(
        label="名单月份",
        max_length=7,
        help_text="名单所属的月份；整月全量，名单上没有的人视为退出。",
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    area = forms.ChoiceField(label="区划")
    file = TableField(label="名单文件", help_text="xlsx 或 csv，不超过 20 MB。身份证号列须为文本。")

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101  tells mypy which field it is
        area.choices = areas
        self.fields["month"].initial = str(Month.of(timezone.localdate()))
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


class ListFilter(forms.Form):
    """Which batches the list shows."""

    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部"), *RosterSource.choices()])
    stage = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *BatchStage.choices()])
    month = forms.CharField(label="月份", required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month"}))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label="原因", max_length=200, help_text="将记入操作日志。", error_messages={"required": "请填写原因。"}
    )
