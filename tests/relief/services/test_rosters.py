"""The sample rosters staged, and their rows settled (answers in tests/data/rosters)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Staff
from bureau.organization.selectors.staff import active_staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ImportBatch
from enrollment.models import Person
from enrollment.services import people
from relief.models import ReliefStatus, RosterEntry
from relief.services import confirmation, rosters
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, a_person, an_enrollment, an_id_number
from tests.factories.policy import a_release
from tests.factories.relief import a_line, a_roster_file, a_status

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data" / "rosters"


@pytest.fixture
def maker() -> Staff:
    return a_clerk("maker", Duty.RELIEF)


@pytest.fixture
def checker() -> Staff:
    return a_clerk("checker", Duty.RELIEF_CHECK)


def staged(by: Staff, content: bytes, *, month: str = "2023-05", source: str = "civil_affairs") -> ImportBatch:
    return rosters.stage(
        content=content, file_name="名单.xlsx", source=source, month=month, area_code=YOUXIAN, by=by
    ).batch


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()


def april_applied(maker: Staff, checker: Staff) -> ImportBatch:
    a_release()
    april = staged(maker, sample("2023-04-civil-affairs.xlsx"), month="2023-04")
    confirmation.confirm(batch_id=april.pk, by=checker)
    return april


def test_the_first_month_is_all_new_and_changes_nothing_but_the_batch(maker: Staff) -> None:
    batch = staged(maker, sample("2023-04-civil-affairs.xlsx"), month="2023-04")
    told = {name: batch.counts[name] for name in ("rows", "new", "changed", "exited", "unchanged", "errors", "held")}
    assert told == {"rows": 200, "new": 200, "changed": 0, "exited": 0, "unchanged": 0, "errors": 0, "held": 0}
    assert (batch.stage, Person.objects.count(), ReliefStatus.objects.count()) == ("ready", 0, 0)


def test_the_second_month_gives_the_published_answers(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    told = {name: batch.counts[name] for name in ("rows", "new", "changed", "exited", "unchanged", "errors", "held")}
    assert told == {"rows": 207, "new": 12, "changed": 9, "exited": 7, "unchanged": 175, "errors": 11, "held": 4}
    assert batch.counts["warnings"] >= 3
    assert batch.stage == "has_errors"


def test_enrollment_of_the_people_does_not_change_the_answers(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    for person in Person.objects.all():
        an_enrollment(person)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    assert (batch.counts["new"], batch.counts["unchanged"], batch.counts["exited"]) == (12, 175, 7)


def test_the_disabled_federation_stands_on_a_list_of_its_own(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-disabled-federation.csv"), source="disabled_federation")
    assert (batch.counts["rows"], batch.counts["new"], batch.counts["errors"], batch.counts["exited"]) == (30, 30, 0, 0)


@pytest.mark.parametrize("name", ["2023-05-empty.xlsx", "2023-05-not-a-workbook.xlsx"])
def test_an_empty_or_false_workbook_is_refused_and_ends_nobody(name: str, maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample(name))
    assert (batch.stage, batch.counts["rows"], batch.counts["exited"]) == ("refused", 0, 0)
    assert batch.message
    with pytest.raises(BusinessError):
        confirmation.confirm(batch_id=batch.pk, accept_shrink=True, by=checker)
    assert not ReliefStatus.objects.filter(valid_until__isnull=False).exists()


def test_the_same_bytes_again_are_recognized(maker: Staff) -> None:
    content = sample("2023-04-civil-affairs.xlsx")
    first = staged(maker, content)
    again = rosters.stage(
        content=content, file_name="又.xlsx", source="civil_affairs", month="2023-05", area_code=YOUXIAN, by=maker
    )
    assert (again.batch.pk, again.is_recognized) == (first.pk, True)
    assert RosterEntry.objects.count() == 200


def test_what_is_known_of_the_people_is_told_in_errors_and_warnings(maker: Staff) -> None:
    clerk = a_clerk()
    dead, renamed, elsewhere, listed = (a_person(name="王芳", by=clerk) for _ in range(4))
    people.record_death(person_id=dead.pk, deceased_on=date(2023, 5, 20), by=clerk)
    an_enrollment(elsewhere, area_code=JIANGYOU)
    a_status(listed, area_code=JIANGYOU)
    content = a_roster_file(
        [
            a_line(dead.id_number),
            a_line(renamed.id_number, name="王方"),
            a_line(elsewhere.id_number),
            a_line(listed.id_number),
            a_line(an_id_number(), town="三合镇"),
            a_line(an_id_number()),
        ]
    )
    batch = staged(maker, content)
    found = {
        entry.line: entry.code or [code for code, _ in entry.warnings]
        for entry in RosterEntry.objects.filter(batch=batch)
    }
    assert found == {
        2: "deceased",
        3: "name_mismatch",
        4: ["enrolled_elsewhere"],
        5: "other_area",
        6: "area_unknown",
        7: ["not_enrolled"],
    }


def test_any_number_of_rows_takes_the_same_number_of_queries(
    maker: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    content = a_roster_file([a_line(an_id_number(born=date(1970, 1, 2), order=number)) for number in range(600)])
    # As on a page, where whoever is signed in brings the area along.
    by = active_staff(maker.pk)
    assert by is not None
    with django_assert_max_num_queries(20):
        assert staged(by, content).counts["new"] == 600


def test_a_fixed_row_is_compared_again_and_the_held_person_is_no_longer_held(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    entry = rosters.fix_row(batch_id=batch.pk, line=155, id_number="510704200501278239", by=maker)

    batch.refresh_from_db()
    assert (entry.verdict, entry.settled_how) == ("unchanged", "fixed")
    assert entry.raw["id_number_in_file"] == ""
    assert (batch.counts["held"], batch.counts["errors"], batch.counts["unchanged"]) == (3, 10, 176)
    assert not RosterEntry.objects.filter(batch=batch, verdict="held", name="张华平").exists()


def test_a_correction_that_corrects_nothing_is_refused(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    with pytest.raises(BusinessError) as refused:
        rosters.fix_row(batch_id=batch.pk, line=155, id_number="510704200501278230", by=maker)
    assert refused.value.code == "relief.id_checksum"
    assert RosterEntry.objects.get(batch=batch, line=155).settled_how == ""


def test_of_a_contradicting_pair_the_other_counts_when_one_is_set_aside(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    rosters.set_aside_row(batch_id=batch.pk, line=210, reason="以前一行为准", by=maker)

    batch.refresh_from_db()
    assert RosterEntry.objects.get(batch=batch, line=9).verdict == "unchanged"
    assert RosterEntry.objects.get(batch=batch, line=210).verdict == "error"
    assert (batch.counts["errors"], batch.counts["set_aside"]) == (9, 1)


def test_a_row_is_not_set_aside_without_a_reason_nor_when_it_is_right(maker: Staff) -> None:
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    for line, reason, code in [(155, " ", "relief.reason_missing"), (4, "多余", "relief.row_not_in_error")]:
        with pytest.raises(BusinessError) as refused:
            rosters.set_aside_row(batch_id=batch.pk, line=line, reason=reason, by=maker)
        assert refused.value.code == code


def test_only_the_relief_desk_of_the_area_stages(maker: Staff) -> None:
    content = sample("2023-04-civil-affairs.xlsx")
    for by, code in [
        (a_clerk("", Duty.COUNTER), "relief.duty_missing"),
        (a_clerk("", Duty.RELIEF, area_code=JIANGYOU), "relief.area_not_yours"),
    ]:
        with pytest.raises(BusinessError) as refused:
            staged(by, content)
        assert refused.value.code == code


def test_the_action_log_of_a_roster_carries_no_id_numbers(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    rosters.fix_row(batch_id=batch.pk, line=155, id_number="510704200501278239", by=maker)
    told = "".join(f"{line.summary}{line.detail}" for line in ActionLog.objects.all())
    assert "510704200501278239" not in told
