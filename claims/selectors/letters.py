"""The letter that tells a person how a bill was settled: its sentences, the documents they cite, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care, Level, ReliefCategory
from bureau.organization.selectors import areas
from bureau.policy.selectors import rulesets
from claims.rules import letter
from claims.selectors import claims, limits, waterfall

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bureau.kernel.trace import Source
    from bureau.policy.rules.rulebook import Rulebook
    from claims.models import Adjudication, Claim
    from claims.rules.letter import Sentence
    from claims.rules.remaining import Room

# What of the yearly lines concerns somebody whatever the care; the others are those of the care of the bill.
_ALWAYS = ("统筹基金", "大病保险", "医疗救助")


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document, with the number under which the sentences name it."""

    number: int
    document: str
    document_number: str
    place: str
    since: str
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the numbers of what it cites."""

    text: str
    cites: list[int]
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything on the sheet but the bill's head."""

    adjudication: Adjudication | None
    told: list[Told]
    citations: list[Citation]
    rooms: list[Room]
    rooms_on: date | None
    office: str

    @property
    def has_assumed(self) -> bool:
        return any(told.is_assumed for told in self.told)


def of(claim: Claim, *, version: Adjudication | None) -> Letter:
    """The letter for one version of a claim; where nothing could be computed, the reason."""
    case = _case(claim, version)
    office = areas.agency_of(claim.area_id)
    if version is None:
        told = [*_filed(claim, case), _why_not(claim)]
        return Letter(None, told, [], [], None, office)
    rulebook = rulesets.rulebook(version.policy_sha256)
    said = letter.sentences(waterfall.reading(version), case)
    citations = _citations(rulebook, said)
    level = Level.label_of(version.facts["level"])
    year = limits.of_person(claim.person_id, year=claim.year)
    return Letter(
        adjudication=version,
        told=[_told(sentence, citations) for sentence in said],
        citations=list(citations.values()),
        rooms=[room for room in year.rooms if _concerns(room, claim, level)] if year else [],
        rooms_on=year.on if year else None,
        office=office,
    )


def _case(claim: Claim, version: Adjudication | None) -> letter.Case:
    day = claim.service_date
    return letter.Case(
        day=f"{day.year}年{day.month}月{day.day}日",
        institution=claim.institution.name,
        care=Care.label_of(claim.care),
        is_stay=claim.care in (Care.INPATIENT, Care.MATERNITY_NATURAL, Care.MATERNITY_CAESAREAN),
        relief=ReliefCategory.label_of(version.facts["relief"]) if version else "",
    )


def _filed(claim: Claim, case: letter.Case) -> list[Told]:
    parts = (claim.excluded, claim.over_ceiling, claim.upfront_copay)
    sentence = letter.bill(case, total=claim.total, parts=parts, eligible=claim.total - sum(parts))
    return [Told(sentence.text, [], is_assumed=False)]


def _why_not(claim: Claim) -> Told:
    problem = claims.problem_of(claim)
    if not problem:
        raise BusinessError("claims.letter_too_early", "这张单据还在等待核算，核算完成后才能打印告知书。")
    return Told(f"这笔费用目前不能计算报销，原因是：{problem}原因消除后，将自动重新计算。", [], is_assumed=False)


def _citations(rulebook: Rulebook, said: Iterable[Sentence]) -> dict[tuple[str, str], Citation]:
    numbers = {document.id: document.number for document in rulebook.documents}
    found: dict[tuple[str, str], Citation] = {}
    for source in (source for sentence in said for source in sentence.sources):
        key = _place(source)
        if key not in found:
            found[key] = Citation(
                number=len(found) + 1,
                document=source.document_title,
                document_number=numbers.get(source.document) or "",
                place=source.at,
                since=source.valid_from,
                is_assumed=source.assumed,
            )
    return found


def _told(sentence: Sentence, citations: dict[tuple[str, str], Citation]) -> Told:
    cites = sorted({citations[_place(source)].number for source in sentence.sources})
    return Told(sentence.text, cites, sentence.is_assumed)


def _place(source: Source) -> tuple[str, str]:
    return source.document, source.at


def _concerns(room: Room, claim: Claim, level: str) -> bool:
    """Whether a yearly line says something to this person: of any care, or of this care at this level."""
    if room.limit is None:
        return False
    is_of_care = Care.label_of(claim.care) in room.title and ("（" not in room.title or level in room.title)
    return is_of_care or room.title.startswith(_ALWAYS)
