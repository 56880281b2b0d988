"""The filter of the list, and what a new scenario asks beside the values themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_ratio, format_yuan, parse_yuan
from bureau.kernel.terms import Fund
from bureau.policy.rules import literals
from bureau.simulation.rules import accounts
from bureau.simulation.terms import SimulationStage

_FROM_BOOKS = "账上有结余的已带出；没有的请填。"


class SimulationFilter(forms.Form):
    """测算清单."""

    name = forms.CharField(label="方案名称", required=False, max_length=60)
    stage = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *SimulationStage.choices()])

    def values(self) -> dict[str, str]:
        """The valid values; a wrong one filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ScenarioForm(forms.Form):
    """测算方案：名称、单据、对照与方案各按哪部政策、哪一年。"""

    name = forms.CharField(label="方案名称", max_length=60, error_messages={"required": "请填写方案名称。"})
    snapshot = forms.ChoiceField(label="用哪段单据", error_messages={"required": "请选择一段单据快照。"})
    base = forms.ChoiceField(label="对照政策")
    other = forms.ChoiceField(label="方案所用政策", required=False)
    base_year = forms.IntegerField(
        label="对照按哪一年", required=False, min_value=2000, max_value=2099, help_text="空着则各按就医日。"
    )
    year = forms.IntegerField(
        label="方案按哪一年", required=False, min_value=2000, max_value=2099, help_text="如 2023：按该年的政策。"
    )
    employee_reserve = forms.CharField(
        label="职工统筹累计结余（元）", required=False, max_length=20, help_text=_FROM_BOOKS
    )
    resident_reserve = forms.CharField(
        label="居民统筹累计结余（元）", required=False, max_length=20, help_text=_FROM_BOOKS
    )
    search = forms.CharField(label="查找参数", required=False, max_length=40)

    def __init__(
        self,
        data: Any,
        *,
        initial: dict[str, Any],
        snapshots: Sequence[tuple[str, str]],
        laws: Sequence[tuple[int, str]],
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["snapshot"].choices = snapshots  # type: ignore[attr-defined]
        self.fields["base"].choices = laws  # type: ignore[attr-defined]
        self.fields["other"].choices = [("", "同对照政策"), *laws]  # type: ignore[attr-defined]

    def clean_employee_reserve(self) -> int | None:
        return _fen(self.cleaned_data["employee_reserve"])

    def clean_resident_reserve(self) -> int | None:
        return _fen(self.cleaned_data["resident_reserve"])

    @staticmethod
    def reserves_of(books: Mapping[str, int]) -> dict[str, str]:
        """What the books hold, as it stands in the fields before somebody types another amount."""
        names = {"employee_reserve": Fund.EMPLOYEE_POOL, "resident_reserve": Fund.RESIDENT_POOL}
        return {name: format_yuan(books[fund.value]) for name, fund in names.items() if fund.value in books}

    def reserves(self) -> dict[str, int]:
        """What was entered, by fund."""
        entered = {
            Fund.EMPLOYEE_POOL.value: self.cleaned_data["employee_reserve"],
            Fund.RESIDENT_POOL.value: self.cleaned_data["resident_reserve"],
        }
        return {fund: fen for fund, fen in entered.items() if fen is not None}


class LoserFilter(forms.Form):
    """待遇降低的人：按人员编号找，或只看降低得多的。"""

    person = forms.IntegerField(label="人员编号", required=False, min_value=1)
    at_least = forms.CharField(label="多负担至少（元）", required=False, max_length=20)

    def clean_at_least(self) -> int | None:
        return _fen(self.cleaned_data["at_least"])

    def keeps(self, person: int, loss: int) -> bool:
        """Whether the list shows this person; a wrong value filters nothing."""
        wanted, least = self.cleaned_data.get("person"), self.cleaned_data.get("at_least")
        return (wanted is None or person == wanted) and (least is None or loss >= least)


class AccountForm(forms.Form):
    """账户加限额：两个没有文件出处的数。"""

    base = forms.CharField(label="月缴费基数（元）", max_length=20)
    former_rate = forms.CharField(label="改革前单位缴费划入比例", max_length=8)

    @staticmethod
    def assumed() -> dict[str, str]:
        """What is computed with where nothing was entered."""
        return {
            "base": format_yuan(accounts.ASSUMED_BASE),
            "former_rate": format_ratio(accounts.ASSUMED_FORMER_RATE),
        }

    def clean_base(self) -> int:
        base = _fen(self.cleaned_data["base"])
        if base is None or base <= 0:
            raise forms.ValidationError("月缴费基数要大于 0，如 5000。")
        return base

    def clean_former_rate(self) -> int:
        text = self.cleaned_data["former_rate"].strip()
        rate = literals.ratio(text if text.endswith("%") else f"{text}%")
        if rate is None:
            raise forms.ValidationError(f"“{text}”不是比例，请写成 1.66% 的样子。")
        return rate


def _fen(text: str) -> int | None:
    text = text.strip().replace(",", "")
    if not text:
        return None
    try:
        return parse_yuan(text)
    except BusinessError as error:
        raise forms.ValidationError(error.message) from error
