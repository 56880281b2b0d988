"""Filters of the lists and the form by which a claim file is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from bureau.console.forms import TableField
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.kernel.terms import Care
from claims.terms import AdjustmentStage, ClaimStage, DiscrepancyStage

_ALL = [("", "全部")]


def _month_choices(months: Sequence[str]) -> list[tuple[str, str]]:
    return [*_ALL, *((month, month) for month in months)]


class _MonthFilter(forms.Form):
    """A filter with the months that there are."""

    month = forms.ChoiceField(label="申报月份", required=False)

    def __init__(self, data: Any, *, months: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["month"].choices = _month_choices(months)  # type: ignore[attr-defined]

    def values(self) -> dict[str, str]:
        """The valid values; a wrong one filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ClaimFilter(_MonthFilter):
    """费用单据."""

    institution = forms.CharField(label="机构（名称或编码）", required=False, max_length=40)
    care = forms.ChoiceField(label="医疗类别", required=False, choices=[*_ALL, *Care.choices()])
    stage = forms.ChoiceField(label="状态", required=False, choices=[*_ALL, *ClaimStage.choices()])


class FileFilter(_MonthFilter):
    """申报文件."""

    institution = forms.CharField(label="机构编码", required=False, max_length=12)


class RefusedFilter(_MonthFilter):
    """退回的行."""

    code = forms.ChoiceField(label="原因", required=False)

    def __init__(self, data: Any, *, months: Sequence[str], causes: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, months=months)
        self.fields["code"].choices = [*_ALL, *causes]  # type: ignore[attr-defined]


class DifferenceFilter(forms.Form):
    """差额."""

    stage = forms.ChoiceField(label="状态", required=False, choices=[*_ALL, *AdjustmentStage.choices()])


class DiscrepancyFilter(forms.Form):
    """核算不符."""

    stage = forms.ChoiceField(label="状态", required=False, choices=[*_ALL, *DiscrepancyStage.choices()])


class ExplainForm(forms.Form):
    """核算不符是怎么回事。"""

    reason = forms.CharField(
        label="原因和处理结果",
        max_length=300,
        help_text="写明查明的原因、依据和已采取的措施，不要写证件号。",
        error_messages={
            "required": "请写明不符的原因和处理结果。",
            "max_length": "最多 300 个字，请写得简短一些。",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LeavingForm(forms.Form):
    """为什么下载。"""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="将记入操作日志，不要写证件号。",
        error_messages={"required": "请填写下载的原因。", "max_length": "最多 200 个字，请写得简短一些。"},
    )


class StatementFilter(forms.Form):
    """结算单."""

    month = forms.ChoiceField(label="结算月份", required=False)
    institution = forms.CharField(label="机构（名称或编码）", required=False, max_length=40)

    def __init__(self, data: Any, *, months: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["month"].choices = _month_choices(months)  # type: ignore[attr-defined]


class ClaimFileForm(forms.Form):
    """申报文件的受理：哪家机构、哪个月、哪个文件。"""

    institution = forms.CharField(
        label="机构编码",
        max_length=12,
        help_text="十二位，如 H51070400001。",
        error_messages={"required": "请填写机构编码。"},
    )
    month = forms.CharField(
        label="申报月份", max_length=7, help_text="如 2023-05。", error_messages={"required": "请填写申报月份。"}
    )
    file = TableField(
        label="申报文件",
        help_text="csv 或 xlsx，一行一张单据，不超过 20 MB。",
        error_messages={"required": "请选择申报文件。", "empty": "文件是空的，请核对后重新选择。"},
    )

    def clean_institution(self) -> str:
        return str(self.cleaned_data["institution"]).strip().upper()

    def clean_month(self) -> str:
        try:
            return str(Month.parse(self.cleaned_data["month"]))
        except BusinessError as error:
            raise forms.ValidationError(error.message) from error
