"""What somebody gets: the matrix of all cares, and one number of it with everything that gives it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.policy.forms.browser import BenefitForm
from bureau.policy.rules import benefits, catalog, phrasing, uses
from bureau.policy.rules.benefits import Person, Visit
from bureau.policy.rules.vocabulary import CARES, LEVELS, POOL_KINDS, RELATIONS
from bureau.policy.views.law import READERS, Law, law

_FACTS = ("person", "relief", "poor", "chronic", "filing", "signed", "pool", "on", "release")


@access.desk(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """Deductible, ratio and limit of each care by level and place; every number opens its explanation."""
    found, person, filing, signed = _asked(request)
    asked = {name: request.GET[name] for name in _FACTS if request.GET.get(name)}
    context = {
        "title": "待遇一览",
        "law": found,
        "person": person,
        "relations": [(code, phrasing.label("relation", code)) for code in RELATIONS],
        "cares": benefits.matrix(found.rulebook, person, filing=filing, signed=signed),
        "protections": benefits.protections(found.rulebook, person),
        "facts": urlencode(asked),
    }
    return render(request, "policy/browser/benefits.html", context)


@access.desk(*READERS)
def cell(request: HttpRequest, key: str) -> HttpResponse:
    """One number: its value in words, the rows that give and change it with their clauses, who uses it."""
    found, person, filing, signed = _asked(request)
    visit = Visit(
        _one_of(CARES, request.GET.get("care", ""), "inpatient"),
        _one_of(LEVELS, request.GET.get("level", ""), LEVELS[0]),
        _one_of(RELATIONS, request.GET.get("relation", ""), RELATIONS[0]),
        filing,
        signed,
    )
    value = benefits.value(found.rulebook, key, person, visit)
    context = {
        "title": value.title,
        "law": found,
        "value": value,
        "facts": _in_words(found, person, visit, key),
        "grounds": [catalog.said(found.rulebook, [row], found.day)[0] for row in value.grounds],
        "used_by": uses.used_by(value.mechanism),
        "back": urlencode({name: request.GET[name] for name in _FACTS if request.GET.get(name)}),
    }
    return render(request, "policy/browser/cell.html", context)


def _asked(request: HttpRequest) -> tuple[Law[BenefitForm], Person, bool, bool]:
    found = law(request, BenefitForm)
    pools = benefits.living_pools(found.rulebook, found.day)
    found.form.offer_pools(pools)
    # Asked again, now that the day's pooling areas are known.
    found.form.full_clean()
    said = found.form.cleaned_data
    scheme, _, employment = (said.get("person") or "employee/in_service").partition("/")
    home = found.rulebook.pool_of(found.rulebook.city_set.code, found.day) or ""
    person = Person(
        day=found.day,
        pool=said.get("pool") or home,
        scheme=scheme,
        employment=employment,
        relief=said.get("relief") or "none",
        registered_poor=said.get("poor") == "yes",
        chronic=int(said.get("chronic") or "1"),
    )
    return found, person, said.get("filing") == "yes", said.get("signed") == "yes"


def _one_of(known: tuple[str, ...], asked: str, otherwise: str) -> str:
    return asked if asked in known else otherwise


def _in_words(found: Law[Any], person: Person, visit: Visit, key: str) -> list[tuple[str, str]]:
    """The facts that the number depends on."""
    facts = [("险种", phrasing.label("scheme", person.scheme))]
    if person.employment:
        facts.append(("就业状态", phrasing.label("employment", person.employment)))
    if benefits.is_of_visit(key):
        facts += [
            ("医疗类别", phrasing.label("care", visit.care)),
            ("机构等级", phrasing.label("level", visit.level)),
            ("就医地", phrasing.label("relation", visit.relation)),
            ("异地备案", phrasing.label("filing", "yes" if visit.filing else "no")),
            ("签约", phrasing.label("signed", "yes" if visit.signed else "no")),
        ]
        if visit.care == "chronic":
            facts.append(("慢性病病种", "两种及以上" if person.chronic > 1 else "一种"))
        if key in POOL_KINDS:
            facts.append(("累计", benefits.value(found.rulebook, POOL_KINDS[key].key, person, visit).words))
    else:
        facts += [
            ("救助身份", phrasing.label("relief", person.relief)),
            ("建档立卡", phrasing.label("registered_poor", "yes" if person.registered_poor else "no")),
        ]
    facts.append(("参保地统筹区", dict(benefits.living_pools(found.rulebook, person.day))[person.pool]))
    return facts
