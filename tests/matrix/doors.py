"""Every address of the URL conf, and what `access.yaml` says about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from bureau.console.exports import resources
from bureau.organization.terms import Duty
from tests.matrix.city import PLACES, City

FILE = Path(__file__).with_name("access.yaml")
PAGES_OF_A_TABLE = ("changelist", "add", "change", "history", "delete", "redirect", "export")
EVERYBODY = frozenset(str(duty) for duty in Duty)
# Where a parameter of an address means another record than its name says.
MEANT = {
    "claims:claim": {"number": "claim"},
    "claims:claim_sheet": {"number": "claim"},
    "claims:claim_letter": {"number": "claim"},
    "claims:api_claim_file": {"batch_id": "claim_batch"},
    "claims:api_statement": {"number": "statement"},
    "claims:statement": {"number": "statement"},
    "claims:statement_sheet": {"number": "statement"},
    "claims:batch": {"batch_id": "claim_batch"},
    "claims:batch_refused": {"batch_id": "claim_batch"},
    "relief:roster_confirm": {"batch_id": "clean_batch"},
    "relief:roster_revoke": {"batch_id": "applied_batch"},
    "policy:parameter": {"name": "parameter"},
    "policy:benefit": {"key": "benefit"},
    "policy:document": {"name": "document_name"},
    "policy:document_check": {"name": "document_name"},
    "policy:document_remove": {"name": "document_name"},
    "policy:draft_restore": {"number": "version_number"},
    "policy:change": {"release_id": "submitted_release", "key": "change"},
    "policy:check": {"release_id": "submitted_release"},
    "policy:return": {"release_id": "submitted_release"},
    "policy:publish": {"release_id": "checked_release"},
}
SAME_FOR_ALL = {
    "month": "2023-05",
    "line": "3",
    "day": "2023-01-01",
    "rest": "nowhere",
    "deed": "sessions",
    "app_label": "claims",
    "url": "nowhere/",
    "content_type_id": "1",
    "object_id": "1",
}
# The month that waits to be approved.
OF_JUNE = ("claims:settlement_approve",)
# Keys that no record has, of the same shape.
ABSENT = {"code": "H51070499999", "claim": "ZY-X-9999", "statement": "JS-202305-H51070499999", "reference": "JS-9/x"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the file, its groups resolved."""

    get: frozenset[str]
    post: frozenset[str]
    reach: str
    is_public: bool = False
    is_for_all: bool = False
    at_city: bool = False
    # The institutions' interface: no session opens it.
    is_by_key: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """One address with one record: whose, and what the file says."""

    name: str
    path: str
    rule: Rule
    # The place of the record; empty where the address names none.
    place: str = ""
    # The same address with a key that no record has.
    absent: str = ""


@cache
def content() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _duties(words: Any) -> frozenset[str]:
    if words in (None, "nobody", "keys"):
        return frozenset()
    if words in ("everybody", "anyone"):
        return EVERYBODY
    return frozenset(content()["groups"][words] if isinstance(words, str) else words)


def rule_of(line: dict[str, Any]) -> Rule:
    return Rule(
        get=_duties(line.get("get")),
        post=_duties(line.get("post")),
        reach=line["reach"],
        is_public="anyone" in (line.get("get"), line.get("post")),
        is_for_all="everybody" in (line.get("get"), line.get("post")),
        at_city=line.get("at") == "city",
        is_by_key="keys" in (line.get("get"), line.get("post")),
    )


def registered(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The name of every pattern; of a table's pages as table and page, such as `enrollment.Person change`."""
    of_tables = {f"{m._meta.app_label}_{m._meta.model_name}": m._meta.label for m in admin.site._registry}
    for part in (resolver or get_resolver()).url_patterns:
        if not isinstance(part, URLPattern):
            prefix = str(part.pattern).strip("/").replace("/", "_")
            yield from registered(part, f"{part.namespace}:" if part.namespace else space + _table(prefix, space))
            continue
        table, _, page = (part.name or "").rpartition("_")
        if space.startswith("admin:") and table in of_tables and page in PAGES_OF_A_TABLE:
            yield f"{of_tables[table]} {page}", part
        elif part.name:
            yield space.split(" ")[0] + part.name, part
        elif " " in space:
            yield f"{of_tables[space.split(' ')[1]]} redirect", part
        else:
            yield f"{space}catch_all", part


def _table(prefix: str, space: str) -> str:
    return f" {prefix}" if space == "admin:" else ""


def names() -> set[str]:
    """Every address once; the pages of a table under the table's name, each list that may leave under its own."""
    found = {name.partition(" ")[0] for name, _ in registered()}
    return found - {"portal:export"} | {f"export:{name}" for name in resources.known()}


@cache
def lines() -> dict[str, Rule]:
    return {
        name: rule_of(line) for part in ("tables", "exports", "addresses") for name, line in content()[part].items()
    }


@cache
def doors(city: City) -> tuple[Door, ...]:
    """Every address as it can be asked: one of each place where it names a record."""
    return tuple(door for name, pattern in registered() for door in _filled(name, pattern, city))


def _filled(name: str, pattern: URLPattern, city: City) -> Iterator[Door]:
    label, _, page = name.partition(" ")
    if name == "portal:export":
        for listed in resources.known():
            path, rule = _address(name, {"name": listed}), lines()[f"export:{listed}"]
            if listed != "roster-rows":
                yield Door(f"export:{listed}", path, rule)
                continue
            for place in PLACES:
                if batch := city.keys.get(("roster_batch", place)):
                    yield Door(f"export:{listed}", f"{path}?batch={batch}", rule, place, f"{path}?batch=99999999")
        return
    rule = lines()[label]
    if page:
        yield from _of_table(label, page, rule, city)
        return
    wanted = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    meant = {one: MEANT.get(name, {}).get(one, _roster(name, one)) for one in wanted}
    varying = {one: key for one, key in meant.items() if one not in SAME_FOR_ALL}
    same = {one: SAME_FOR_ALL[one] for one in wanted if one in SAME_FOR_ALL}
    if name in OF_JUNE:
        same["month"] = "2023-06"
    if not varying:
        yield Door(name, _address(name, same), rule)
        return
    absent = _address(name, same | {one: ABSENT.get(key, "99999999") for one, key in varying.items()})
    for place in PLACES:
        if all((key, place) in city.keys for key in varying.values()):
            values = same | {one: city.keys[key, place] for one, key in varying.items()}
            yield Door(name, _address(name, values), rule, "" if rule.reach == "city" else place, absent)


def _roster(name: str, parameter: str) -> str:
    return "roster_batch" if name.startswith("relief:") and parameter == "batch_id" else parameter


def _address(name: str, values: dict[str, str]) -> str:
    if name == "admin:catch_all":
        return "/admin/nowhere/"
    return reverse(name, kwargs=values)


def _of_table(label: str, page: str, rule: Rule, city: City) -> Iterator[Door]:
    stem = "admin:" + label.lower().replace(".", "_")
    of_page = {
        "add": Rule(rule.post, rule.post, rule.reach, at_city=rule.at_city),
        "change": rule,
        "delete": Rule(frozenset(), frozenset(), rule.reach),
        # A short address leads to the row's page, whoever asks and whether there is one or not.
        "redirect": Rule(EVERYBODY, frozenset(), "none", is_for_all=True),
        # What one may look at one may take out, with a reason.
        "export": Rule(rule.get, rule.get, rule.reach),
    }.get(page, Rule(rule.get, frozenset(), rule.reach))
    if page in ("changelist", "add", "export"):
        yield Door(f"{label} {page}", reverse(f"{stem}_{page}"), of_page)
        return
    for place in PLACES:
        key = city.keys.get((label, place))
        is_placeless = rule.reach == "city" or page == "redirect"
        if key is None or (is_placeless and place != "C"):
            continue
        path = reverse(f"{stem}_change", args=[key])
        absent = reverse(f"{stem}_change", args=["99999999"])
        if page != "change":
            path, absent = (
                one.removesuffix("change/") + ("" if page == "redirect" else f"{page}/") for one in (path, absent)
            )
        yield Door(f"{label} {page}", path, of_page, "" if is_placeless else place, absent)
