"""The packs: what they say, what they assume, and that their quotes stand in the documents."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from bureau.kernel.errors import BusinessError
from bureau.policy.rules.packs import cities, drafted_cities, load_bytes, load_city, pack_bytes, unfounded_quotes
from bureau.policy.rules.rulebook import Rulebook

ROOT = Path(__file__).parents[4]
TEXTS = ROOT / "tests" / "data" / "policy-documents"
# Which published text the documents of a city quote.
SOURCES = {
    "mianyang-": "mianyang-youxian-2023-interview.txt",
    "wenzhou-relief-2019": "wenzhou-2019-relief-interpretation.txt",
    "wenzhou-pooling-2022": "wenzhou-2022-pooling-plan.txt",
    "hangzhou-": "hangzhou-2021-pooling-interpretation.txt",
    "changchun-": "changchun-employee-pooling-press-conference.txt",
}


@pytest.fixture(scope="module")
def mianyang() -> Rulebook:
    return load_city("mianyang")


def test_only_cities_with_packs_can_be_loaded() -> None:
    assert cities() == ["mianyang", "wenzhou", "hangzhou", "changchun"]
    assert drafted_cities() == ["changchun"]
    with pytest.raises(BusinessError, match="chengdu") as caught:
        pack_bytes("chengdu")
    assert caught.value.code == "policy.unknown_city"


def test_something_else_is_not_taken_for_a_release() -> None:
    for blob in (b"", b"[]", b'{"format": 2, "city": "x", "files": []}', b"\xff"):
        with pytest.raises(BusinessError) as caught:
            load_bytes(blob)
        assert caught.value.code == "policy.not_a_release"


@pytest.mark.parametrize(("city", "quotes"), [("mianyang", 28), ("wenzhou", 24), ("hangzhou", 14), ("changchun", 12)])
def test_every_quote_stands_in_the_published_document(city: str, quotes: int) -> None:
    rulebook = load_city(city, drafts=city in drafted_cities())
    texts = {
        document.id: (TEXTS / name).read_text("utf-8")
        for document in rulebook.documents
        for prefix, name in SOURCES.items()
        if document.id.startswith(prefix)
    }
    clauses = [clause for document in rulebook.documents for clause in document.clauses.values()]

    assert unfounded_quotes(rulebook, texts) == []
    assert not any(clause.quote for clause in clauses if clause.place.file.endswith("-framework.yaml"))
    assert sum(bool(clause.quote) for clause in clauses) >= quotes


@pytest.mark.parametrize("city", ["mianyang", "wenzhou", "hangzhou", "changchun"])
def test_every_document_but_an_assumed_set_quotes_the_published_text(city: str) -> None:
    for document in load_city(city).documents:
        assert document.requirements, document.id
        if not document.id.endswith("-framework"):
            assert any(clause.quote for clause in document.clauses.values()), document.id


def test_a_quote_that_the_document_does_not_contain_is_found(mianyang: Rulebook) -> None:
    missing = unfounded_quotes(mianyang, {"mianyang-away": "异地就医报销起付线2000元"})

    assert len(missing) == 2
    assert "mianyang/mianyang-away.yaml" in missing[0]


@pytest.mark.parametrize(
    ("name", "on", "dims", "value", "assumed"),
    [
        ("settlement.quality_deposit_rate", date(2023, 5, 31), {}, 500, True),
        ("relief.effective_from_next_month", date(2023, 5, 31), {}, 1, True),
        ("outpatient.annual_limit", date(2023, 5, 1), {"scheme": "employee", "employment": "retired"}, 250_000, False),
        ("outpatient.annual_limit", date(2023, 5, 1), {"scheme": "resident", "employment": ""}, 30_000, True),
        ("chronic.annual_limit", date(2022, 12, 31), {"scheme": "employee", "chronic_count": "1"}, 100_000, False),
        ("chronic.annual_limit", date(2023, 1, 1), {"scheme": "employee", "chronic_count": "1"}, 200_000, False),
        ("pooled.annual_cap", date(2023, 1, 1), {"scheme": "resident"}, 20_000_000, True),
    ],
)
def test_a_parameter_has_one_value_on_a_day_with_its_place_in_the_law(
    mianyang: Rulebook, name: str, on: date, dims: dict[str, str], value: int, assumed: bool
) -> None:
    found = mianyang.parameter(name, on, **dims)

    assert (found.value, found.assumed) == (value, assumed)
    assert found.document.startswith("mianyang-")
    assert found.at
    assert found.valid_from <= on


def test_a_parameter_that_needs_more_dimensions_or_has_no_value_is_refused(mianyang: Rulebook) -> None:
    with pytest.raises(BusinessError) as ambiguous:
        mianyang.parameter("outpatient.annual_limit", date(2023, 5, 1))
    with pytest.raises(BusinessError) as early:
        mianyang.parameter("pooled.annual_cap", date(2021, 12, 31), scheme="employee")
    with pytest.raises(BusinessError) as absent:
        mianyang.parameter("outpatient.annual_limit", date(2022, 5, 1), scheme="employee")

    assert ambiguous.value.code == "policy.ambiguous"
    assert early.value.code == "policy.not_in_force"
    assert absent.value.code == "policy.no_value"


def test_what_ends_without_a_successor_is_listed_in_time() -> None:
    assert load_city("mianyang").ending(date(2022, 12, 1)) == []


def test_documented_numbers_are_not_marked_as_assumed(mianyang: Rulebook) -> None:
    assumed = {row.document.id for row in mianyang.assumed()}

    assert "mianyang-outpatient-2023" not in assumed


@pytest.mark.parametrize("city", ["mianyang", "wenzhou", "hangzhou", "changchun"])
def test_what_is_assumed_stands_under_a_clause_that_says_so(city: str) -> None:
    """Its clause begins with 假定, says that number or day is assumed, or is a plain rule of the set's own frame."""
    for row in load_city(city).assumed():
        at = row.clause.at
        assert "假定" in at or not row.clause.quote or row.value in (0, 1), (row.place, row.name, at)


def test_compiling_and_settling_load_neither_django_nor_a_database() -> None:
    program = (
        "import sys, claims.rules.person_year, claims.importing.adjudication_file, bureau.policy.rules.packs as packs\n"
        "packs.load_city('mianyang')\n"
        "raise SystemExit(sum(name.split('.')[0] in ('django', 'psycopg', 'celery') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("city", "area", "changes", "before", "after"),
    [
        ("hangzhou", "330102", date(2022, 1, 1), "hangzhou", "hangzhou"),
        ("hangzhou", "330122", date(2022, 1, 1), "tonglu", "hangzhou"),
        ("hangzhou", "330127", date(2022, 1, 1), "chunan", "hangzhou"),
        ("hangzhou", "330182", date(2022, 1, 1), "jiande", "hangzhou"),
        ("changchun", "220102", date(2022, 9, 1), "changchun", "changchun"),
        ("changchun", "220112", date(2022, 9, 1), "shuangyang", "changchun"),
        ("changchun", "220113", date(2022, 9, 1), "jiutai", "changchun"),
        ("changchun", "220122", date(2022, 9, 1), "nongan", "changchun"),
        ("changchun", "220182", date(2022, 9, 1), "yushu", "changchun"),
        ("changchun", "220183", date(2022, 9, 1), "dehui", "changchun"),
        ("changchun", "220184", date(2022, 9, 1), "gongzhuling", "changchun"),
    ],
)
def test_counties_join_the_pool_of_their_city_on_the_day(
    city: str, area: str, changes: date, before: str, after: str
) -> None:
    """HZ-01, CC-02."""
    rulebook = load_city(city)

    assert rulebook.pool_of(area, changes - timedelta(1)) == before
    assert rulebook.pool_of(area, changes) == after


@pytest.mark.parametrize(
    ("city", "first"),
    [
        ("mianyang", date(2022, 1, 1)),
        ("wenzhou", date(2022, 1, 1)),
        ("hangzhou", date(2021, 1, 1)),
        ("changchun", date(2022, 1, 1)),
    ],
)
def test_a_set_is_in_force_from_its_day(city: str, first: date) -> None:
    rulebook = load_city(city)

    assert rulebook.period_of(first - timedelta(1)) == -1
    assert rulebook.period_of(first) == 0
