"""Canaries: numbers that are put into every door of the house and must be seen nowhere but where the deed asks for it.

One city's month with an invented person, hospital and roster; then every page that every duty can reach, every csv, the
dump of the database, the broker and the files of the services are searched for the numbers.
"""

from __future__ import annotations

import base64
import html
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from redis import Redis

from bureau.kernel.identity import id_check_character
from bureau.kernel.terms import Care
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ImportBatch
from claims.models import SettlementRun
from claims.services import settlement
from enrollment.models import Person
from enrollment.services import people as people_services
from institutions.services import designation
from relief.services import confirmation, rosters
from tests.conftest import CHECKOUT, server_tool
from tests.factories import month, people
from tests.factories.month import Bill
from tests.factories.relief import a_line, a_roster_file, a_status


def _number(first_17: str) -> str:
    return first_17 + id_check_character(first_17)


KNOWN, LISTED, GONE, STRANGER = (_number(f"51070419{year}0229{7}{year}") for year in ("72", "76", "80", "84"))
WRONG = KNOWN[:17] + ("1" if KNOWN[17] != "1" else "2")
IDS = (KNOWN, LISTED, GONE, STRANGER, WRONG)
PHONES = ("13987001265", "13987001266", "13987001267")
ACCOUNT, FORMER_ACCOUNT, CONTACT = "6222877001234561987", "6222877001234561954", "13987001268"
CANARIES = (*IDS, *PHONES, ACCOUNT, FORMER_ACCOUNT, CONTACT)
DUTIES = (*((duty, people.YOUXIAN) for duty in Duty), (Duty.LEADER_CITY, month.CITY), (Duty.FINANCE, month.CITY))
# Of one page with many filters a few are looked at.
MOST_VARIANTS = 4
HREF = re.compile(r'href="(/[^"#]*)"')


@pytest.fixture
def canaries(throwaway_database: object) -> Iterator[SettlementRun]:
    """A month in which each number came in by each door."""
    by, checker = people.a_clerk("", Duty.RELIEF), people.a_clerk("", Duty.RELIEF_CHECK)
    clerk = people.a_clerk("", Duty.COUNTER)
    month.the_law()
    known = people.a_person(id_number=KNOWN, name="金丝雀", by=clerk)
    people_services.correct_person(
        person_id=known.pk, phone=PHONES[0], reason=f"本人持 {KNOWN} 来电 {PHONES[0]}", by=clerk
    )
    people.an_enrollment(known)
    gone = people_services.register_person(
        id_number=GONE, name="金去", area_code=people.YOUXIAN, phone=PHONES[1], by=clerk
    )
    a_status(gone)
    a_status(known)
    batch = rosters.stage(
        content=a_roster_file(
            [
                a_line(KNOWN, "金丝雀", phone=PHONES[0]),
                a_line(LISTED, "金册", phone=PHONES[2]),
                a_line(WRONG, "金错", phone=PHONES[2]),
                a_line("", "金空", town=STRANGER, phone=PHONES[2]),
                a_line(STRANGER, "金乡", town=PHONES[2]),
            ]
        ),
        file_name=f"{KNOWN}.xlsx",
        source="civil_affairs",
        month="2023-04",
        area_code=people.YOUXIAN,
        by=by,
    ).batch
    for line in (4, 5):
        rosters.set_aside_row(batch_id=batch.pk, line=line, reason=f"{STRANGER} 查无此人", by=by)
    confirmation.confirm(batch_id=batch.pk, accept_shrink=True, by=checker)
    hospital = month.a_paid_hospital(bank_account=FORMER_ACCOUNT)
    hospital.contact = CONTACT
    hospital.save()
    designation.change_bank_account(
        institution_id=hospital.pk,
        bank_name="绵阳农商银行",
        bank_account=ACCOUNT,
        reason=f"原账号 {FORMER_ACCOUNT} 销户",
        by=people.a_clerk("", Duty.INSTITUTIONS),
    )
    month.filed(
        hospital,
        Bill("C-1", known, "20800.00", Care.INPATIENT, on=date(2023, 5, 10)),
        Bill("C-2", known, "1.00", id_number=WRONG),
        Bill("C-3", known, "1.00", id_number=STRANGER),
        Bill("C-4", known, STRANGER),
        Bill(STRANGER, known, "x"),
        Bill("C-5", known, "1.00", care_area=PHONES[0]),
    )
    month.adjudicated()
    yield month.approved(month.settled())


def seen(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


def hidden_forms() -> list[bytes]:
    """A number as bytes, in hexadecimal and in base64 at any of the three places it may begin."""
    forms: list[bytes] = []
    for canary in CANARIES:
        raw = canary.encode()
        forms += [raw, raw.hex().encode()]
        forms += [base64.b64encode(b" " * start + raw)[4 if start else 0 : -4] for start in range(3)]
    return forms


def pages_of(duty: Duty, area_code: str) -> Iterator[tuple[str, str]]:
    """Every page that somebody with the duty reaches from home by following links, with what it says."""
    client = Client()
    client.force_login(people.a_clerk("", duty, area_code=area_code))
    waiting, known, variants = ["/"], {"/"}, Counter[str]()
    while waiting and len(known) < 400:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code < 500, address
        said = b"".join(answer) if answer.streaming else answer.content
        text = said.decode("utf-8", "replace") + str(dict(answer.headers))
        yield address, text
        for found in HREF.findall(text):
            link = html.unescape(found)
            path = link.partition("?")[0]
            if link not in known and not link.startswith(("/static/", "/logout")) and variants[path] < MOST_VARIANTS:
                variants[path] += 1
                known.add(link)
                waiting.append(link)


@pytest.mark.slow
def test_no_page_that_any_duty_reaches_shows_a_whole_number(canaries: SettlementRun) -> None:
    visited: dict[str, int] = {}
    for duty, area_code in DUTIES:
        for address, text in pages_of(duty, area_code):
            assert seen(text) == set(), (duty, address)
            visited[address] = visited.get(address, 0) + 1

    assert len(visited) > 60
    person = Person.objects.get(name="金丝雀")
    batch = ImportBatch.objects.get(kind="roster")
    for must in (
        f"/people/{person.pk}/",
        f"/relief/rosters/{batch.pk}/",
        f"/admin/enrollment/person/{person.pk}/change/",
    ):
        assert any(address.startswith(must) for address in visited), must


def test_files_that_leave_are_masked_but_for_the_two_whose_deed_needs_the_numbers(
    canaries: SettlementRun, tmp_path: Path
) -> None:
    roster, claims = ImportBatch.objects.get(kind="roster"), ImportBatch.objects.get(kind="claims")
    finance = Client()
    finance.force_login(month.an_accountant())
    refused = finance.post(f"/claims/files/{claims.pk}/refused.csv", {"reason": "交机构更正"})
    assert refused.status_code == 200

    text = settlement.export_payments(run=canaries, by=month.a_cashier())
    assert seen(text) == {ACCOUNT}
    logged = ActionLog.objects.get(action="claims.payments.exported")
    assert (logged.detail["rows"], seen(logged.summary)) == (text.count("\n") - 1, set())

    clerk = Client()
    clerk.force_login(Staff.objects.filter(duties__duty=Duty.RELIEF.value).first() or people.a_clerk("", Duty.RELIEF))
    errors = clerk.post(f"/relief/rosters/{roster.pk}/errors/")
    assert errors.content.startswith(b"PK")
    logged = ActionLog.objects.get(action="relief.roster.errors_downloaded")
    assert logged.detail["rows"] >= 2
    assert seen(refused.content.decode()) == set()


def let_the_owner_dump() -> None:
    """Behind the walls the owner's `pg_dump` refuses; a backup is made by a role above them, which need not be here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ DECLARE walled regclass; BEGIN FOR walled IN SELECT oid FROM pg_class WHERE relforcerowsecurity"
            " LOOP EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', walled); END LOOP; END $$"
        )


@pytest.mark.slow
def test_the_database_the_broker_and_the_logs_hold_no_number(canaries: SettlementRun) -> None:
    settlement.export_payments(run=canaries, by=month.a_cashier())
    let_the_owner_dump()
    dump = server_tool("pg_dump", connection.settings_dict["NAME"], role=connection.settings_dict["USER"])
    assert b"COPY public.enrollment_person " in dump
    # The canary's telephone was corrected, and the hospital's account changed: both left events, as ciphertext.
    for events in (b"enrollment_personevent", b"institutions_institutionevent"):
        assert len(rows_of(dump, events)) > 1
    assert "金丝雀".encode() in dump
    lines = [line[:300] for line in dump.splitlines() for form in hidden_forms() if form in line]
    assert lines == []
    # A spreadsheet is a compressed archive, in which nothing would be found: none lies open in the table.
    assert b"504b0304" not in dump.lower()

    broker = Redis.from_url(settings.REDIS_URL.replace("redis+socket:", "unix:").replace("virtual_host=", "db="))
    said = b"".join(key + (broker.dump(key) or b"") for key in broker.scan_iter())
    assert not any(form in said for form in hidden_forms())

    places = [CHECKOUT / "var" / name for name in ("log", "valkey", "run", "postgres")]
    there = [str(place) for place in places if place.exists()]
    if there:
        assert "postgres" in files_with(["金丝雀"], there), "what was written is there to be found"
        assert files_with(CANARIES, there) == ""


def rows_of(dump: bytes, table: bytes) -> list[bytes]:
    """What the dump of one table holds."""
    return dump.split(b"COPY public." + table + b" ")[1].split(b"\n\\.")[0].splitlines()[1:]


def files_with(texts: Sequence[str], places: Sequence[str]) -> str:
    """The names of files, the write-ahead log among them, in which one of the texts stands."""
    return subprocess.run(
        ["/usr/bin/grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings", "--file=-", *places],
        input="\n".join(texts),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_what_goes_wrong_repeats_no_number_and_leaves_none(
    client: Client, throwaway_database: object, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A number typed where a name belongs, in an address or in a form: not in the answer, the log or a file."""
    caplog.set_level("DEBUG")
    before = temporary_files()
    answers = [client.post("/login/", {"username": KNOWN, "password": STRANGER})]
    client.force_login(people.a_clerk("", Duty.COUNTER))
    answers += [
        client.get(f"/people/{KNOWN}/"),
        client.get(f"/nowhere/{KNOWN}/"),
        client.get("/people/", {"area": KNOWN, "page": STRANGER}),
        client.post("/people/find/", {"q": STRANGER}),
        client.post("/claims/files/new/", {"month": KNOWN}),
        client.post(f"/claims/{KNOWN}/C-1/"),
    ]
    assert {answer.status_code for answer in answers} & {404, 403}
    assert not any(answer.status_code >= 500 for answer in answers)
    errors = [answer for answer in answers if answer.status_code in (403, 404, 405)]
    assert len(errors) >= 3
    assert [answer.request["PATH_INFO"] for answer in errors if seen(answer.content.decode())] == []

    # Django's own logger of requests names the address that was asked for; ours are what is written down.
    written = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django"))
    assert seen(written) == set()
    assert (
        seen("\n".join(str(line) for line in ActionLog.objects.values_list("summary", "subject_key", "detail")))
        == set()
    )
    assert files_with(CANARIES, [str(path) for path in temporary_files() - before] or [str(tmp_path)]) == ""


def temporary_files() -> set[Path]:
    return {path for path in Path(tempfile.gettempdir()).glob("*.upload*") if path.is_file()}
