"""One claim in full: its versions, the calculation of one of them as bars with grounds, differences, statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.kernel.terms import Employment, Level, ReliefCategory, Scheme
from bureau.organization.selectors import areas
from bureau.policy.selectors import rulesets
from claims.models import Adjudication, Adjustment, Discrepancy, Settlement
from claims.rules import flow, wording
from claims.rules.waterfall import Bar, bars
from claims.selectors import claims, waterfall

if TYPE_CHECKING:
    from claims.models import Claim
    from claims.rules.flow import Flow
    from claims.rules.wording import Ground

_AMOUNTS = (
    ("eligible", "政策范围内费用"),
    ("prepay", "先行自付比例部分"),
    ("deductible", "起付标准内"),
    ("pooled", "统筹基金支付"),
    ("major_illness", "大病保险支付"),
    ("assistance", "医疗救助支付"),
    ("personal_burden", "个人负担"),
)


@dataclass(frozen=True, slots=True)
class ExplainedBar:
    """A row of the waterfall with its grounds in words."""

    bar: Bar
    formula: str
    grounds: list[Ground]


@dataclass(frozen=True, slots=True)
class Version:
    """One adjudication, explained."""

    adjudication: Adjudication
    bars: list[ExplainedBar]
    flow: Flow | None
    facts: list[tuple[str, str]]
    note: str
    whole: int

    @property
    def has_assumed(self) -> bool:
        return any(ground.is_assumed for row in self.bars for ground in row.grounds)


@dataclass(frozen=True, slots=True)
class Change:
    """What one re-run changed: the later version and each thing before and after."""

    later: Adjudication
    earlier: Adjudication
    things: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the page of a claim says of its money."""

    version: Version | None
    versions: list[Adjudication]
    changes: list[Change]
    differences: list[Adjustment]
    problem: str
    care_area: str


def of(claim: Claim, *, version: int | None = None) -> Account:
    """The claim's account; `version` asks for an older calculation."""
    versions = list(claims.versions(claim))
    shown = next((row for row in versions if row.version == version), None) if version else None
    shown = shown or next((row for row in versions if row.is_current), None)
    places = areas.names_of({claim.care_area, *(row.facts["insured_area"] for row in versions)})
    differences = Adjustment.objects.select_related("settlement_run", "adjudication").defer(
        "settlement_run__payment_list", "adjudication__trace"
    )
    return Account(
        version=_explained(claim, shown, places) if shown else None,
        versions=versions,
        changes=[
            Change(later, earlier, list(_changed(earlier, later, places))) for later, earlier in pairwise(versions)
        ],
        differences=list(differences.filter(claim=claim).order_by("pk")),
        problem="" if shown else claims.problem_of(claim),
        care_area=_place(claim.care_area, places),
    )


def settlement_of(claim: Claim) -> Settlement | None:
    """The statement that settles the claim, once its institution is computed."""
    if claim.settlement_run_id is None:
        return None
    found = Settlement.objects.select_related("run").defer("run__payment_list")
    return found.filter(run_id=claim.settlement_run_id, institution_id=claim.institution_id).first()


def differing(finding: Discrepancy) -> list[tuple[str, str, str]]:
    """The amounts that a finding says differ: title, stored, recomputed."""
    return [
        (title, format_yuan(finding.stored[key], grouped=True), format_yuan(finding.recomputed[key], grouped=True))
        for key, title in _AMOUNTS
        if key in finding.stored
    ]


def _explained(claim: Claim, adjudication: Adjudication, places: dict[str, str]) -> Version:
    facts = list(_facts(adjudication.facts, places))
    try:
        rulebook = rulesets.rulebook(adjudication.policy_sha256)
        steps, note = waterfall.steps(adjudication), ""
    except BusinessError as error:
        # The law of that version was altered: the amounts stand, their steps cannot be shown.
        steps, note = [], error.message
    else:
        relation = wording.relation(
            rulebook,
            insured_area=adjudication.facts["insured_area"],
            care_area=claim.care_area,
            on=claim.service_date,
        )
        facts.append(("异地关系", relation.label))
    rows = [
        ExplainedBar(bar, wording.grouped(bar.formula), wording.grounds(rulebook, bar.sources)) for bar in bars(steps)
    ]
    return Version(
        adjudication=adjudication,
        bars=rows,
        flow=flow.draw(flow.went(claim, adjudication)),
        facts=facts,
        note=note,
        whole=claim.total,
    )


def _place(code: str, places: dict[str, str]) -> str:
    """The name of an area with its code; the code alone where it is none that we know."""
    return f"{places[code]}（{code}）" if code in places else code


def _facts(known: dict[str, Any], places: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "险种", Scheme.label_of(known["scheme"])
    if known["employment"]:
        yield "就业状态", Employment.label_of(known["employment"])
    yield "救助身份", ReliefCategory.label_of(known["relief"])
    yield "建档立卡", "是" if known["registered_poor"] else "否"
    yield "机构等级", Level.label_of(known["level"])
    yield "慢性病病种", f"{known['chronic_count']} 种"
    yield "参保地", _place(known["insured_area"], places)


def _changed(earlier: Adjudication, later: Adjudication, places: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    before, after = dict(_facts(earlier.facts, places)), dict(_facts(later.facts, places))
    for label in {**before, **after}:
        if before.get(label) != after.get(label):
            yield label, before.get(label, "—"), after.get(label, "—")
    for key, title in _AMOUNTS:
        old, new = getattr(earlier, key), getattr(later, key)
        if old != new:
            yield title, format_yuan(old, grouped=True), format_yuan(new, grouped=True)
    if earlier.policy_sha256 != later.policy_sha256:
        yield "政策指纹", earlier.policy_sha256[:12], later.policy_sha256[:12]
