"""The questions of the policy browser: which release, which day, which person, which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from bureau.kernel.terms import ReliefCategory
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.rules.labels import vocabulary
from bureau.policy.terms import City

SHORT = 12
_DAY = forms.DateInput(attrs={"type": "date"})
_PEOPLE = [
    ("employee/in_service", "职工医保（在职）"),
    ("employee/retired", "职工医保（退休）"),
    ("resident/", "居民医保"),
]


def _labels(dimension: str) -> list[tuple[str, str]]:
    return [(label.code, label.name) for label in vocabulary().dimensions[dimension].labels.values()]


def _releases(releases: Iterable[Release]) -> list[tuple[str, str]]:
    return [
        (release.sha256[:SHORT], f"第 {release.number} 次发布（{release.get_stage_display()}）") for release in releases
    ]


class LawForm(forms.Form):
    """看哪次发布、哪一天的政策。"""

    on = forms.DateField(label="日期", required=False, widget=_DAY, error_messages={"invalid": "请写成 2023-01-01。"})
    release = forms.ChoiceField(label="政策发布", required=False)

    def __init__(self, data: Any, *, releases: list[Release], present: Release, **initial: Any) -> None:
        super().__init__(data, initial={**initial, "release": present.sha256[:SHORT]})
        field = self.fields["release"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  it is declared above
        field.choices = _releases(releases)


class SearchForm(LawForm):
    """政策参数的检索。"""

    q = forms.CharField(
        label="检索",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "参数、文件、条款、文号、需求编号"}),
    )
    field_order = ("q", "on", "release")


class AssumedForm(LawForm):
    """假定值的筛选。"""

    q = forms.CharField(label="检索", required=False, max_length=60)
    only = forms.ChoiceField(
        label="范围",
        required=False,
        choices=[("", "全部"), ("in_force", "现行"), ("not_yet", "未生效"), ("ended", "已失效")],
    )
    field_order = ("q", "only", "on", "release")


class BenefitForm(LawForm):
    """待遇一览：什么人、怎样就医。"""

    person = forms.ChoiceField(label="参保人", required=False, choices=_PEOPLE)
    relief = forms.ChoiceField(
        label="救助身份", required=False, choices=[("none", "无"), *ReliefCategory.choices()[:-1]]
    )
    poor = forms.ChoiceField(label="建档立卡", required=False, choices=[("no", "否"), ("yes", "是")])
    chronic = forms.ChoiceField(label="慢性病病种", required=False, choices=[("1", "一种"), ("2", "两种及以上")])
    filing = forms.ChoiceField(label="异地备案", required=False, choices=_labels("filing"))
    signed = forms.ChoiceField(label="签约", required=False, choices=_labels("signed"))
    pool = forms.ChoiceField(label="参保地统筹区", required=False)
    field_order = ("person", "relief", "poor", "chronic", "filing", "signed", "pool", "on", "release")

    def offer_pools(self, pools: list[tuple[str, str]]) -> None:
        """The pooling areas of the day; a city with one needs no question."""
        field = self.fields["pool"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  it is declared above
        field.choices = pools
        if len(pools) < 2:
            del self.fields["pool"]


class CompareForm(forms.Form):
    """左右两边各是哪里、哪一天的政策。"""

    a = forms.ChoiceField(label="左边", required=False)
    a_on = forms.DateField(label="左边日期", required=False, widget=_DAY)
    b = forms.ChoiceField(label="右边", required=False)
    b_on = forms.DateField(label="右边日期", required=False, widget=_DAY)

    def __init__(self, data: Any, *, releases: list[Release], **initial: Any) -> None:
        super().__init__(data, initial=initial)
        cities = [(city, f"{City.label_of(city)}（随系统附带）") for city in packs.cities()]
        for name in ("a", "b"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  it is declared above
            field.choices = [*_releases(releases), *cities]
