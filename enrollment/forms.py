"""What is asked for on the people pages. An ID number or a name is never part of an address: it comes by POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from bureau.kernel.terms import Scheme
from bureau.organization.selectors import areas
from enrollment.terms import Hidden

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class PeopleFilter(forms.Form):
    """Filters of the list."""

    scheme = forms.ChoiceField(
        label="险种", required=False, choices=[("", "全部"), *Scheme.choices(), ("none", "未参保")]
    )
    area = forms.ChoiceField(label="区划", required=False)
    poor = forms.ChoiceField(label="建档立卡", required=False, choices=[("", "全部"), ("yes", "是")])
    chronic = forms.ChoiceField(label="慢性病认定", required=False, choices=[("", "全部"), ("yes", "有")])

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "全部"), *areas.below(by)]  # type: ignore[attr-defined]


class FindForm(forms.Form):
    """An ID number, or the beginning of a name."""

    q = forms.CharField(
        label="证件号或姓名",
        max_length=60,
        error_messages={"required": "请填写证件号或姓名。"},
        widget=forms.TextInput(attrs={"class": "id-input", "autocomplete": "off", "spellcheck": "false"}),
    )


class RevealForm(forms.Form):
    """Which whole number is wanted, and why."""

    hidden = forms.ChoiceField(label="号码", choices=Hidden.choices())
    reason = forms.CharField(
        label="原因",
        min_length=4,
        max_length=200,
        error_messages={
            "required": "请写明查看完整号码的原因，例如所办业务与单号。",
            "min_length": "原因太短，请写明所办业务与单号。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DayForm(forms.Form):
    """The day as of which a file is read."""

    day = forms.DateField(
        label="按日期查看", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
