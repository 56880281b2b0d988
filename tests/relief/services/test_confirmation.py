"""A second person applies a roster, or takes it back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ImportBatch
from enrollment.models import Person
from enrollment.selectors.people import id_index
from relief.models import ReliefStatus, RosterEntry
from relief.selectors.statuses import status_on
from relief.services import confirmation, rosters, statuses
from tests.factories.people import a_clerk, a_person, an_id_number
from tests.factories.policy import a_release
from tests.factories.relief import a_line, a_roster_file, a_status
from tests.relief.services.test_rosters import april_applied, sample, staged

pytestmark = pytest.mark.django_db

WRONG = {17, 31, 62, 80, 105, 109, 155, 175, 209, 210}


@pytest.fixture
def maker() -> Staff:
    return a_clerk("maker", Duty.RELIEF)


@pytest.fixture
def checker() -> Staff:
    return a_clerk("checker", Duty.RELIEF_CHECK)


def may_settled(maker: Staff) -> ImportBatch:
    """May staged, with every wrong row but one of the contradicting pair set aside."""
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    for line in sorted(WRONG):
        rosters.set_aside_row(batch_id=batch.pk, line=line, reason="待民政核实", by=maker)
    batch.refresh_from_db()
    return batch


def category_on(name: str, day: date) -> str | None:
    status = status_on(Person.objects.get(name=name).pk, day)
    return status.category if status else None


def test_a_roster_of_april_takes_effect_on_the_first_of_may(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    person = Person.objects.get(id_index=id_index("510704197211177590"))
    assert status_on(person.pk, date(2023, 4, 30)) is None
    status = status_on(person.pk, date(2023, 5, 1))
    assert status is not None
    assert (status.category, status.town, status.granted_on) == ("destitute", "涪江街道", date(2022, 10, 1))
    assert ReliefStatus.objects.count() == 200
    assert person.area_id == "510704001"


def test_the_maker_cannot_confirm_and_neither_can_who_settled_a_row(maker: Staff) -> None:
    a_release()
    both = a_clerk("", Duty.RELIEF, Duty.RELIEF_CHECK)
    own = staged(both, a_roster_file([a_line(an_id_number())]))
    other = staged(maker, a_roster_file([a_line(an_id_number()), a_line("")]))
    rosters.set_aside_row(batch_id=other.pk, line=3, reason="无证件", by=both)
    for batch in (own, other):
        with pytest.raises(BusinessError) as refused:
            confirmation.confirm(batch_id=batch.pk, by=both)
        assert refused.value.code == "relief.checker_is_maker"


def test_the_database_itself_refuses_the_maker_as_checker(maker: Staff) -> None:
    batch = staged(maker, a_roster_file([a_line(an_id_number())]))
    with pytest.raises(IntegrityError, match="须经复核才能生效"), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(confirmed_by=maker)


def test_unreadable_rows_must_be_settled_first(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = staged(maker, sample("2023-05-civil-affairs.xlsx"))
    with pytest.raises(BusinessError) as refused:
        confirmation.confirm(batch_id=batch.pk, by=checker)
    assert refused.value.code == "relief.batch_has_errors"


def test_may_begins_changes_and_ends_statuses_in_june(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = may_settled(maker)
    assert batch.counts["held"] == 4
    confirmation.confirm(batch_id=batch.pk, by=checker)

    day_before, first = date(2023, 5, 31), date(2023, 6, 1)
    # 李敏明 moves from illness_poor to other, 罗军 leaves the list, 刘丽 is new.
    assert (category_on("李敏明", day_before), category_on("李敏明", first)) == ("illness_poor", "other")
    assert (category_on("罗军", day_before), category_on("罗军", first)) == ("subsistence", None)
    assert (category_on("刘丽", day_before), category_on("刘丽", first)) == (None, "illness_poor")
    # Who was held back keeps what they have, and so does whoever the row set aside means.
    assert category_on("张华平", first) == "marginal"
    assert category_on("赵艳珍", first) == "subsistence"
    # 周勇 is unchanged by rank; the second identity is kept beside the first.
    person = Person.objects.get(id_index=id_index("510704200312121419"))
    assert set(person.relief_statuses.values_list("category", flat=True)) == {"marginal", "other"}


def test_a_second_list_of_the_same_month_waits_until_the_first_is_taken_back(maker: Staff, checker: Staff) -> None:
    april = april_applied(maker, checker)
    again = staged(maker, a_roster_file([a_line(an_id_number())]), month="2023-04")
    with pytest.raises(BusinessError) as refused:
        confirmation.confirm(batch_id=again.pk, accept_shrink=True, by=checker)
    assert refused.value.code == "relief.later_batch_applied"
    assert str(april.pk) in refused.value.message


def test_a_list_that_ends_more_than_a_twentieth_asks_for_a_word(maker: Staff, checker: Staff) -> None:
    a_release()
    listed = [a_status().person for _ in range(20)]
    content = a_roster_file([a_line(person.id_number) for person in listed[:18]])
    batch = staged(maker, content)
    with pytest.raises(BusinessError) as refused:
        confirmation.confirm(batch_id=batch.pk, by=checker)
    assert refused.value.code == "relief.shrinks"
    assert "10%" in refused.value.message

    assert confirmation.confirm(batch_id=batch.pk, accept_shrink=True, by=checker).ended == 2


def test_one_in_twenty_needs_no_word(maker: Staff, checker: Staff) -> None:
    a_release()
    listed = [a_status().person for _ in range(20)]
    batch = staged(maker, a_roster_file([a_line(person.id_number) for person in listed[:19]]))
    assert confirmation.confirm(batch_id=batch.pk, by=checker).ended == 1


def test_a_standing_list_that_moved_since_the_comparison_is_refused(maker: Staff, checker: Staff) -> None:
    a_release()
    person = a_person()
    batch = staged(maker, a_roster_file([a_line(person.id_number)]))
    a_status(person)
    with pytest.raises(BusinessError) as refused:
        confirmation.confirm(batch_id=batch.pk, by=checker)
    assert refused.value.code == "relief.comparison_changed"

    rosters.compare_again(batch_id=batch.pk, by=checker)
    assert confirmation.confirm(batch_id=batch.pk, by=checker).begun == 0


def test_bytes_that_moved_are_refused(maker: Staff, checker: Staff) -> None:
    a_release()
    batch = staged(maker, a_roster_file([a_line(an_id_number())]))
    ImportBatch.objects.filter(pk=batch.pk).update(content=b"other")
    with pytest.raises(BusinessError) as refused:
        confirmation.confirm(batch_id=batch.pk, by=checker)
    assert refused.value.code == "relief.bytes_changed"


def test_a_roster_taken_back_leaves_the_list_as_it_was(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    before = set(ReliefStatus.objects.values_list("person", "category", "valid_from", "valid_until"))
    batch = may_settled(maker)
    confirmation.confirm(batch_id=batch.pk, by=checker)

    taken_back = confirmation.revoke(batch_id=batch.pk, reason="民政来函更正", by=maker)

    assert set(ReliefStatus.objects.values_list("person", "category", "valid_from", "valid_until")) == before
    assert taken_back.kept == []
    batch.refresh_from_db()
    assert batch.stage == "revoked"


def test_what_was_settled_on_stays_and_is_listed(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = may_settled(maker)
    confirmation.confirm(batch_id=batch.pk, by=checker)
    new, gone = Person.objects.get(name="刘丽"), Person.objects.get(name="罗军")
    statuses.mark_settled(care=[(new.pk, date(2023, 6, 10)), (gone.pk, date(2023, 6, 30))])

    taken_back = confirmation.revoke(batch_id=batch.pk, reason="民政来函更正", by=maker)

    assert {status.person_id for status in taken_back.kept} == {new.pk, gone.pk}
    assert category_on("刘丽", date(2023, 6, 1)) == "illness_poor"
    assert category_on("罗军", date(2023, 6, 1)) is None
    batch.refresh_from_db()
    assert batch.stage == "partly_revoked"


def test_care_settled_before_the_change_does_not_hinder_taking_back(maker: Staff, checker: Staff) -> None:
    april_applied(maker, checker)
    batch = may_settled(maker)
    confirmation.confirm(batch_id=batch.pk, by=checker)
    gone = Person.objects.get(name="罗军")
    statuses.mark_settled(care=[(gone.pk, date(2023, 5, 31))])
    assert confirmation.revoke(batch_id=batch.pk, reason="更正", by=maker).kept == []


def test_the_earlier_roster_is_not_taken_back_under_the_later_one(maker: Staff, checker: Staff) -> None:
    april = april_applied(maker, checker)
    batch = may_settled(maker)
    confirmation.confirm(batch_id=batch.pk, by=checker)
    with pytest.raises(BusinessError) as refused:
        confirmation.revoke(batch_id=april.pk, reason="更正", by=maker)
    assert refused.value.code == "relief.later_batch_applied"


def test_an_error_that_hides_nobody_does_not_hold_up_the_others(maker: Staff, checker: Staff) -> None:
    a_release()
    number = an_id_number()
    batch = staged(maker, a_roster_file([a_line(number), a_line(number), a_line(an_id_number())]))
    assert (batch.counts["errors"], batch.stage) == (1, "ready")
    assert confirmation.confirm(batch_id=batch.pk, by=checker).begun == 2
    assert RosterEntry.objects.filter(batch=batch, person__isnull=False).exists()


@pytest.mark.parametrize(
    "altered",
    [
        {"verdict": "exited"},
        {"verdict": "error"},
        {"categories": ["destitute"]},
        {"name": "别人"},
    ],
)
def test_a_row_altered_behind_the_services_back_voids_the_comparison(
    maker: Staff, checker: Staff, altered: dict[str, object]
) -> None:
    batch = staged(maker, a_roster_file([a_line(an_id_number()), a_line(an_id_number())]))
    RosterEntry.objects.filter(batch=batch, line=2).update(**altered)

    with pytest.raises(BusinessError, match=r"relief\.comparison_changed"):
        confirmation.confirm(batch_id=batch.pk, by=checker)


def test_an_exit_written_in_behind_the_services_back_voids_the_comparison(maker: Staff, checker: Staff) -> None:
    batch = staged(maker, a_roster_file([a_line(an_id_number())]))
    RosterEntry.objects.create(batch=batch, area_id=batch.area_code, verdict="exited", person=a_person(), name="王芳")

    with pytest.raises(BusinessError, match=r"relief\.comparison_changed"):
        confirmation.confirm(batch_id=batch.pk, by=checker)
