"""试算: the person, the laws to compute by, and as many bills as there are rows; works without any script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from bureau.fields import YuanFormField
from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme
from bureau.policy.terms import Relation
from claims.rules.tryout import Standing, Visit

if TYPE_CHECKING:
    from django.http import QueryDict

MOST_ROWS = 40
# Where the engine's columns stand in a row of this form.
FIELD_OF_COLUMN = {"service_date": "on", "care_area": "place"}
_AREA = re.compile(r"[1-9][0-9]{5}")
_MONEY_NAMES = ("total", "excluded", "over_ceiling", "upfront_copay")
_MONEY = partial(forms.TextInput, attrs={"maxlength": 20, "inputmode": "decimal", "autocomplete": "off"})
_NOT_A_DAY = {"invalid": "日期应写成 2023-05-04。", "required": "请填写就医日期。"}


class PersonForm(forms.Form):
    """谁：只有政策要看的事实，没有姓名和证件号。"""

    scheme = forms.ChoiceField(label="险种", choices=Scheme.choices(), initial=Scheme.RESIDENT.value)
    employment = forms.ChoiceField(label="就业状态", choices=[("", "—（居民）"), *Employment.choices()], required=False)
    relief = forms.ChoiceField(label="救助身份", choices=ReliefCategory.choices(), initial=ReliefCategory.NONE.value)
    insured_area = forms.CharField(
        label="参保地", required=False, max_length=6, help_text="六位区划代码；不填为各栏城市的市本级"
    )
    chronic_count = forms.IntegerField(
        label="慢性病病种数",
        min_value=0,
        max_value=9,
        initial=0,
        error_messages={
            "required": "请填写慢性病病种数，没有填 0。",
            "invalid": "病种数应为 0 到 9 的整数。",
            "min_value": "病种数不能为负。",
            "max_value": "病种数应为 0 到 9 的整数。",
        },
    )
    registered_poor = forms.BooleanField(label="建档立卡", required=False)
    signed = forms.BooleanField(label="签约就医", required=False)

    def clean_insured_area(self) -> str:
        code = str(self.cleaned_data["insured_area"]).strip()
        if code and not _AREA.fullmatch(code):
            raise forms.ValidationError("参保地应为六位行政区划代码，如 510704。")
        return code

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("scheme") == Scheme.EMPLOYEE and not found.get("employment"):
            self.add_error("employment", "职工请选择在职或退休。")
        if found.get("scheme") == Scheme.RESIDENT:
            found["employment"] = ""
        return found

    def standing(self) -> Standing:
        found = self.cleaned_data
        return Standing(**{name: found[name] for name in Standing.__dataclass_fields__})


class LawForm(forms.Form):
    """按什么算：一栏的政策，和（要时）把就医日期都改为某一天。"""

    law = forms.ChoiceField(label="政策")
    on = forms.DateField(label="就医日期都改为", required=False, error_messages=_NOT_A_DAY)

    def __init__(self, data: Any, *, laws: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["law"].choices = laws  # type: ignore[attr-defined]


class VisitForm(forms.Form):
    """一张单据。"""

    on = forms.DateField(label="就医日期", error_messages=_NOT_A_DAY)
    care = forms.ChoiceField(label="医疗类别", choices=Care.choices(), initial=Care.OUTPATIENT.value)
    level = forms.ChoiceField(label="机构等级", choices=Level.choices(), initial=Level.TERTIARY.value)
    place = forms.ChoiceField(label="就医地", choices=Relation.choices(), initial=Relation.SAME_POOL.value)
    filing = forms.BooleanField(label="已备案", required=False)
    total = YuanFormField(label="总额", widget=_MONEY(), error_messages={"required": "请填写医疗费总额。"})
    excluded = YuanFormField(label="全自费", widget=_MONEY(), required=False)
    over_ceiling = YuanFormField(label="超限价", widget=_MONEY(), required=False)
    upfront_copay = YuanFormField(label="先行自付", widget=_MONEY(), required=False)

    def visit(self) -> Visit:
        money = {name: self.cleaned_data[name] or 0 for name in _MONEY_NAMES}
        return Visit(**{**{name: self.cleaned_data[name] for name in Visit.__dataclass_fields__}, **money})


class Tryout:
    """The whole page as it was sent: forms of the person, of two laws (the second may be empty), and of the bills."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        laws: Sequence[tuple[str, str]],
        person: dict[str, Any] | None = None,
        visits: Sequence[dict[str, Any]] = (),
    ) -> None:
        second = [("", "不比较"), *laws]
        self.person = PersonForm(data, initial=person)
        self.first = LawForm(data, laws=laws, prefix="a", initial={"law": laws[0][0] if laws else ""})
        self.second = LawForm(data, laws=second, prefix="b")
        self.second.fields["law"].required = False
        rows = _count(data) if data is not None else max(1, len(visits))
        given = [*visits, *({"on": timezone.localdate()} for _ in range(rows - len(visits)))]
        self.visits = [VisitForm(data, prefix=f"r{number}", initial=given[number]) for number in range(rows)]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.person, self.first, self.second, *self.visits]

    def is_valid(self) -> bool:
        """Every form by itself, and all bills of one calendar year unless they are moved to one day."""
        if not all([form.is_valid() for form in self.forms]):
            return False
        first = self.visits[0].cleaned_data["on"].year
        strangers = [form for form in self.visits if form.cleaned_data["on"].year != first]
        if self.first.cleaned_data["on"]:
            return True
        for form in strangers:
            form.add_error("on", f"一次试算同一年度的单据；第 1 张是 {first} 年。")
        return not strangers

    def columns(self) -> list[tuple[str, date | None]]:
        """Law and day of each column: what the second leaves empty is as in the first; all empty, there is none."""
        first, second = self.first.cleaned_data, self.second.cleaned_data
        found = [(first["law"], first["on"])]
        if second["law"] or second["on"]:
            found.append((second["law"] or first["law"], second["on"] or first["on"]))
        return found

    def errors(self) -> list[tuple[str, str]]:
        """Field id and sentence of every error, in the order of the page, each row by its number."""
        found = []
        for form in self.forms:
            where = f"第 {self.visits.index(form) + 1} 张：" if form in self.visits else ""
            for name, messages in form.errors.items():
                target = form[name].id_for_label if name in form.fields else ""
                found += [(target, f"{where}{message}") for message in messages]
        return found


def rearranged(data: QueryDict, action: str) -> QueryDict:
    """The same answers with a row more, or without one; values as they were typed."""
    names = [(number, name) for number in range(_count(data)) for name in VisitForm.base_fields]
    rows: list[dict[str, str]] = [{} for _ in range(_count(data))]
    changed = data.copy()
    for number, name in names:
        key = f"r{number}-{name}"
        if key in data:
            rows[number][name] = str(data[key])
            del changed[key]
    gone = action.removeprefix("remove-")
    if action == "add" and len(rows) < MOST_ROWS:
        rows.append({name: value for name, value in rows[-1].items() if name not in _MONEY_NAMES})
    elif action.startswith("remove-") and gone.isascii() and gone.isdecimal() and int(gone) < len(rows) > 1:
        del rows[int(gone)]
    for number, row in enumerate(rows):
        changed.update({f"r{number}-{name}": value for name, value in row.items()})
    changed["rows"] = str(len(rows))
    return changed


def _count(data: QueryDict) -> int:
    text = data.get("rows", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
    return min(max(1, number), MOST_ROWS)
