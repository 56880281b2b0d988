"""What protection costs: the same work by turns with it and without it, on one database.

Read the ratios of one run; the milliseconds beside them are the machine's.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client

from bureau import walls
from bureau.demo import claim_files
from bureau.demo.areas import YOUXIAN
from bureau.demo.city import MONTHS, City
from bureau.demo.stages import parties
from bureau.demo.stages.colleagues import colleague
from bureau.fields import encrypted
from bureau.kernel import ciphers
from bureau.kernel.periods import Month
from bureau.trail.models import ActionLog
from bureau.trail.services import chain
from claims.models import Claim
from claims.services import adjudication, intake, settlement
from enrollment.models import ID_CONTEXT, Person
from enrollment.selectors import people
from relief.services import confirmation, rosters
from tests.bench import cities
from tests.bench.speeds import part, seconds

BILLS = 20_000
ROWS = 20_000
LINES = 20_000
CALLS = 10_000
# Bulk work is done once a turn, a page is asked some times.
TURNS = 7
PAGE_TURNS, ASKED = 15, 3
MONTH = str(Month.of(MONTHS[0]))
# The tables whose rows the bulk work writes.
REWRITTEN = (
    "enrollment_person",
    "enrollment_personevent",
    "relief_reliefstatus",
    "relief_reliefstatusevent",
    "relief_rosterentry",
    "claims_personyear",
    "claims_claim",
    "claims_claimevent",
    "claims_adjudication",
    "claims_settlement",
    "claims_settlementline",
)

Figures = dict[str, float]
Work = Callable[[], Any]
Lifted = Callable[[], AbstractContextManager[None]]


def protection(scale: float) -> Figures:
    """A roster, then a month of a city, step by step, by turns; then its pages, the ciphers and the chain."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        no_policies, no_history = partial(_without_policies, owner), partial(_without_history, owner)
        city = cities.drawn(part(BILLS, scale))
        cities.founded(city)
        tidy = partial(_tidy, owner)
        found = _roster(part(ROWS, scale), no_policies, no_history, tidy)
        found |= _settle_in(city)
        found |= _month(no_policies, no_history, tidy)
        found |= _pages(partial(_without_walls, owner))
    return found | _ciphers() | _chain(part(LINES, scale))


# Work in bulk, done by the system


def _roster(rows: int, no_policies: Lifted, no_history: Lifted, tidy: Work) -> Figures:
    clerk, checker, content = colleague("relief-youxian"), colleague("relief-check-youxian"), cities.roster_file(rows)
    with _ciphers_timed() as spent:
        began = time.perf_counter()
        staged = rosters.stage(
            content=content, file_name="list.csv", source="civil_affairs", month=MONTH, area_code=YOUXIAN, by=clerk
        )
        taken = time.perf_counter() - began
    confirm = _undone(lambda: confirmation.confirm(batch_id=staged.batch.pk, by=checker))
    return {
        "cipher_stage_roster_percent": spent[0] / taken * 100,
        **_compared("walls_confirm_roster", confirm, no_policies, tidy=tidy),
        **_compared("history_confirm_roster", confirm, no_history, tidy=tidy),
    }


def _settle_in(city: City) -> Figures:
    with _ciphers_timed() as spent:
        taken = seconds(lambda: parties.settle_in(city))
    for code, bills in city.files(MONTHS[0]).items():
        content = claim_files.content(bills)
        intake.receive(
            content=content, file_name=code, institution_code=code, month=MONTH, by=colleague("finance-city")
        )
    return {
        "walls_people_rows": len(city.people),
        "walls_claims": Claim.objects.count(),
        "cipher_register_percent": spent[0] / taken * 100,
    }


def _month(no_policies: Lifted, no_history: Lifted, tidy: Work) -> Figures:
    accountant, approver = colleague("finance-city"), colleague("approve-city")

    def adjudicate() -> None:
        adjudication.adjudicate_due(by=accountant)

    def settle() -> None:
        settlement.work(settlement.open_month(month=MONTH, by=accountant).run_id)

    found: Figures = {}
    for name, work in (("adjudicate", adjudicate), ("settle", settle)):
        found |= _compared(f"walls_{name}", _undone(work), no_policies, tidy=tidy)
        found |= _compared(f"history_{name}", _undone(work), no_history, tidy=tidy)
        work()
    settlement.approve(run=settlement.open_month(month=MONTH, by=accountant), by=approver)
    return found


# Pages, asked by people


def _pages(no_walls: Lifted) -> Figures:
    most = Claim.objects.filter(area_id=YOUXIAN).values("person").annotate(bills=Count("pk")).order_by("-bills")
    person = f"/people/{most[0]['person']}/"
    asked = {
        "people_list": ("clerk-youxian", "/people/"),
        "people_list_city": ("audit-city", "/people/"),
        "claims_list": ("clerk-youxian", "/claims/"),
        "claims_list_city": ("audit-city", "/claims/"),
        "statements_list": ("clerk-youxian", "/settlement/statements/"),
        "person": ("clerk-youxian", person),
        "person_history": ("clerk-youxian", f"{person}history/"),
    }
    clerk = colleague("clerk-youxian")

    def tell_twice() -> None:
        with walls.as_staff(clerk):
            pass

    found: Figures = {}
    with walls.as_nobody():
        for name, (username, address) in asked.items():
            found |= _compared(f"walls_{name}", _page(username, address), no_walls, turns=PAGE_TURNS, tries=ASKED)
        found["walls_tell_us"] = _microseconds(tell_twice, CALLS // 10) / 2
    return found


def _page(username: str, address: str) -> Work:
    """A whole request: session, duties, rows, page, and at either end who acts."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(colleague(username))

    def page() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return page


# Single values, and lines of the log


def _ciphers() -> Figures:
    person = Person.objects.order_by("pk").last()
    assert person is not None
    number, key = person.id_number, person.pk
    ciphertext = encrypted.encrypt(number, ID_CONTEXT)
    searches = [
        (
            _once(lambda: people.by_id_number(number), CALLS // 20),
            _once(lambda: Person.objects.select_related("area").filter(pk=key).first(), CALLS // 20),
        )
        for _ in range(TURNS)
    ]
    return {
        "cipher_encrypt_us": _microseconds(lambda: encrypted.encrypt(number, ID_CONTEXT), CALLS),
        "cipher_decrypt_us": _microseconds(lambda: encrypted.decrypt(ciphertext, ID_CONTEXT), CALLS),
        "cipher_index_us": _microseconds(lambda: encrypted.blind_index(number, ID_CONTEXT), CALLS),
        "cipher_search_us": min(by_number for by_number, _ in searches),
        "cipher_search_over_key": statistics.median(by_number / by_key for by_number, by_key in searches),
    }


def _chain(lines: int) -> Figures:
    chain.seal()
    ActionLog.objects.bulk_create(
        ActionLog(action="bench.line", subject_kind="line", subject_key=str(line), summary="一行", area_code=YOUXIAN)
        for line in range(lines)
    )
    sealed = 0

    def seal() -> None:
        nonlocal sealed
        sealed = chain.seal()

    sealing = seconds(seal)
    proving = seconds(chain.prove)
    proved = chain.prove()
    assert sealed == lines
    assert proved.is_sound
    return {"chain_sealed_lines_per_second": lines / sealing, "chain_proved_lines_per_second": proved.sealed / proving}


# By turns


def _compared(
    name: str, work: Work, lifted: Lifted, *, turns: int = TURNS, tries: int = 1, tidy: Work = lambda: None
) -> Figures:
    """With and without by turns, either of them first in every other turn; the ratio is the median of all turns'.

    Two neighbors in time had the same machine; the best of all turns may be one quiet moment of one of them.
    """
    taken: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(turns):
        for is_protected in (turn % 2 == 0, turn % 2 == 1):
            with nullcontext() if is_protected else lifted():
                if tries > 1:
                    work()  # the tables were altered: plans are made anew
                tidy()
                taken[is_protected].append(min(seconds(work) for _ in range(tries)))
    ratio = statistics.median(protected / bare for protected, bare in zip(taken[True], taken[False], strict=True))
    return {f"{name}_ms": min(taken[True]) * 1000, f"{name}_over_none": ratio}


def _undone(work: Work) -> Work:
    """The work with what its commit would check, taken back at its end, so that it is the same each time."""

    def done_and_undone() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            work()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    return done_and_undone


def _tidy(owner: psycopg.Connection) -> None:
    """What was taken back leaves dead rows: the next turn would go through them, and the planner count them."""
    owner.execute(f"VACUUM (ANALYZE) {', '.join(REWRITTEN)}")


def _microseconds(work: Work, calls: int) -> float:
    """Of one call; the best of some rounds."""
    return min(_once(work, calls) for _ in range(TURNS))


def _once(work: Work, calls: int) -> float:
    """Microseconds of one call in one round of calls."""

    def round_of_calls() -> None:
        for _ in range(calls):
            work()

    return seconds(round_of_calls) / calls * 1e6


@contextmanager
def _without_policies(owner: psycopg.Connection) -> Iterator[None]:
    """No policy is asked; whoever works is the same role, told as ever."""
    tables = _names(owner, "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")
    _each(owner, "ALTER TABLE {} DISABLE ROW LEVEL SECURITY", tables)
    try:
        yield
    finally:
        _each(owner, "ALTER TABLE {} ENABLE ROW LEVEL SECURITY", tables)


@contextmanager
def _without_walls(owner: psycopg.Connection) -> Iterator[None]:
    """No policy is asked, and nobody is told."""
    with _without_policies(owner), patch.object(walls, "_tell", lambda who: None):
        yield


@contextmanager
def _without_history(owner: psycopg.Connection) -> Iterator[None]:
    """Tracked tables keep no former state."""
    tracked = _names(owner, "SELECT tgrelid::regclass || '/' || tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
    triggers = [name.split("/") for name in tracked]
    for table, trigger in triggers:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        for table, trigger in triggers:
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


@contextmanager
def _ciphers_timed() -> Iterator[list[float]]:
    """How long encrypting, decrypting and indexing take together."""
    spent = [0.0]

    def timed(work: Work) -> Work:
        def done(*given: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given)
            finally:
                spent[0] += time.perf_counter() - began

        return done

    with (
        patch.object(ciphers.KeyRing, "encrypt", timed(ciphers.KeyRing.encrypt)),
        patch.object(ciphers.KeyRing, "decrypt", timed(ciphers.KeyRing.decrypt)),
        patch.object(ciphers, "_index", timed(ciphers._index)),
    ):
        # Made once for each column, and kept.
        encrypted._indexer.cache_clear()
        yield spent
    encrypted._indexer.cache_clear()


def _names(owner: psycopg.Connection, question: str) -> list[str]:
    return [name for (name,) in owner.execute(question)]


def _each(owner: psycopg.Connection, statement: str, names: list[str]) -> None:
    for name in names:
        owner.execute(statement.format(name))
