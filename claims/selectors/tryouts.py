"""试算: by which laws one may try, the facts of a real year without its person, and the columns of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bureau.kernel.errors import BusinessError
from bureau.policy.selectors import rulesets
from bureau.policy.terms import City
from claims.rules import flow, tryout, wording
from claims.rules.person_year import explain_year
from claims.rules.waterfall import Bar, bars
from claims.selectors import account, claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bureau.kernel.trace import Step
    from bureau.organization.models import Staff
    from bureau.policy.rules.rulebook import Rulebook
    from claims.models import Claim
    from claims.rules.flow import Flow
    from claims.rules.person_year import Outcome
    from claims.rules.tryout import Pair, Standing, Visit
    from claims.rules.wording import Ground

_CITY = "city:"
_PERSON = ("scheme", "employment", "relief", "registered_poor", "insured_area", "chronic_count")
_SUMS = (
    ("total", "医疗费总额"),
    ("pooled", "统筹基金支付"),
    ("major_illness", "大病保险支付"),
    ("assistance", "医疗救助支付"),
    ("personal_burden", "个人负担"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One law's answer: an explanation for each bill, and the year's sums in fen."""

    label: str
    rulebook: Rulebook
    explained: list[tuple[Outcome, list[Step]]]
    sums: dict[str, int]
    flow: Flow | None


@dataclass(frozen=True, slots=True)
class TriedBill:
    """One bill in words, with its bars under one law, or its steps under both."""

    title: str
    whole: int
    bars: list[account.ExplainedBar]
    pairs: list[tuple[Pair, list[Ground], list[Ground]]]
    is_different: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What the page shows: columns, the year in sums (title, amounts, difference), bill by bill."""

    columns: list[Column]
    sums: list[tuple[str, list[int], int]]
    bills: list[TriedBill]


def laws(*, with_unpublished: bool) -> list[tuple[str, str]]:
    """Releases, the one in force first, then the packs of every city."""
    in_force = rulesets.rulebook_in_force().sha256
    found = sorted(rulesets.releases(with_unpublished=with_unpublished), key=lambda law: law[0] != in_force)
    return [*found, *((f"{_CITY}{city.value}", f"{city.label}政策文件") for city in City)]


def column(law: str, label: str, on: date | None, standing: Standing, visits: Sequence[Visit]) -> Column:
    """The year under one law; raises `FactErrors` with everything that this law cannot compute."""
    rulebook = rulesets.rulebook_of_city(law.removeprefix(_CITY)) if law.startswith(_CITY) else rulesets.rulebook(law)
    made = tryout.facts(rulebook, standing, visits, on=on)
    found = tryout.faults(rulebook, made)
    if found:
        raise FactErrors(found)
    explained = explain_year(rulebook, made)
    went = flow.together(flow.went(facts, outcome) for facts, (outcome, _) in zip(made, explained, strict=True))
    sums = {key: sum(getattr(outcome, key) for outcome, _ in explained) for key, _ in _SUMS[1:]}
    said = f"{label}，{on.isoformat()}" if on else label
    return Column(said, rulebook, explained, {"total": sum(visit.total for visit in visits), **sums}, flow.draw(went))


class FactErrors(BusinessError):
    """Every fault with the number of its bill."""

    def __init__(self, found: list[tuple[int, Any]]) -> None:
        super().__init__("claim.invalid", "有单据不能计算。")
        self.found = found


def result(columns: list[Column], titles: Sequence[str]) -> Result:
    """One column by itself, or two with what differs."""
    return Result(
        columns=columns,
        sums=[
            (title, [held.sums[key] for held in columns], columns[-1].sums[key] - columns[0].sums[key])
            for key, title in _SUMS
        ],
        bills=[_bill(title, number, columns) for number, title in enumerate(titles)],
    )


def _bill(title: str, number: int, columns: list[Column]) -> TriedBill:
    (first, steps), *others = (held.explained[number] for held in columns)
    whole = steps[0].amount
    if not others:
        explained = [_explained(columns[0].rulebook, bar) for bar in bars(steps)]
        return TriedBill(title, whole, explained, [], is_different=False)
    second, other_steps = others[0]
    pairs = tryout.paired(steps, other_steps)
    grounded = [(pair, _grounds(columns[0], pair.first), _grounds(columns[1], pair.second)) for pair in pairs]
    return TriedBill(title, whole, [], grounded, is_different=first != second)


def _explained(rulebook: Rulebook, bar: Bar) -> account.ExplainedBar:
    return account.ExplainedBar(bar, wording.grouped(bar.formula), wording.grounds(rulebook, bar.sources))


def _grounds(held: Column, step: Step | None) -> list[Ground]:
    return wording.grounds(held.rulebook, step.sources) if step else []


@dataclass(frozen=True, slots=True)
class Taken:
    """A real year as form values, without anything that says whose it is, and what the desk should know of it."""

    person: dict[str, Any]
    bills: list[dict[str, Any]]
    notes: list[str]


def taken_from(claim: Claim, *, by: Staff, most: int) -> Taken:
    """The year of this claim, as far as `by` may see it; facts of the person are those of the latest bill."""
    year = claims.of_person(claim.person_id, by=by).filter(year=claim.year)
    held = [row for row in year if row.current_adjudications]  # type: ignore[attr-defined]
    if not held:
        raise BusinessError("claims.nothing_computed", "这一年还没有核算过的单据，不能带入试算。")
    known = claims.current_facts([row.pk for row in held])
    latest = known[held[-1].pk]
    rulebook = rulesets.rulebook_in_force()
    person = {name: latest[name] for name in _PERSON}
    notes = []
    if len(held) > most:
        notes.append(f"本年有 {len(held)} 张单据，试算最多 {most} 张，只带入前 {most} 张。")
    if any(known[row.pk][name] != latest[name] for row in held for name in _PERSON):
        notes.append("本年内此人的参保或身份有变；试算全部按最近一次就医的事实，结果可能与所存的核算不同。")
    bills = [
        {
            "on": row.service_date,
            "care": row.care,
            "level": known[row.pk]["level"],
            "place": wording.relation(
                rulebook,
                insured_area=known[row.pk]["insured_area"],
                care_area=row.care_area,
                on=row.service_date,
            ).value,
            "filing": row.is_filed,
            "total": row.total,
            "excluded": row.excluded,
            "over_ceiling": row.over_ceiling,
            "upfront_copay": row.upfront_copay,
        }
        for row in held[:most]
    ]
    return Taken(person, bills, notes)
