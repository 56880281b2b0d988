"""The books as their readers see them."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau.funds.models import Entry
from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger
from bureau.kernel.terms import Fund
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk

pytestmark = pytest.mark.django_db
CITY = "510700"


def posted(
    count: int = 1, *, month: str = "2023-05", area_code: str = YOUXIAN, fund: Fund = Fund.RESIDENT_POOL
) -> None:
    """Statements of 1,000.00 yuan each: 950.00 payable, 50.00 held as deposit."""
    drafts = [
        bookkeeping.statement(
            number=f"S{month.replace('-', '')}-{area_code}-{number:03d}",
            fund=fund,
            month=month,
            area_code=area_code,
            institution_name=f"医院{number}",
            withheld=5_000,
            payable=95_000,
        )
        for number in range(count)
    ]
    ledger.post(drafts, by=a_clerk())


def reader(client: Client, *duties: Duty, area_code: str = CITY) -> Staff:
    by = a_clerk("", *(duties or (Duty.FINANCE,)), area_code=area_code)
    client.force_login(by)
    return by


def test_accounts_show_turnover_and_side_of_the_balance(client: Client) -> None:
    posted(2)
    reader(client)

    page = client.get("/funds/accounts/").content.decode()

    assert "居民统筹基金" in page
    assert "2,000.00" in page
    assert "1,900.00" in page
    assert "100.00" in page


def test_the_trial_balance_is_equal_and_checks_the_books(client: Client) -> None:
    posted(2)
    posted(1, month="2023-06")
    reader(client)

    page = client.get("/funds/trial-balance/?month=2023-06&check=yes").content.decode()

    assert "借贷相等" in page
    assert "1,000.00" in page
    assert "3,000.00" in page
    assert page.count("相符") == 6


def test_a_county_leader_sees_his_countys_turnover_only(client: Client) -> None:
    posted(1)
    posted(3, area_code=JIANGYOU)
    reader(client, Duty.LEADER_COUNTY, area_code=YOUXIAN)

    assert "3,000.00" not in client.get("/funds/accounts/").content.decode()
    assert "共 1 张" in client.get("/funds/entries/").content.decode()


def test_entries_are_filtered_summed_and_paged_in_ten_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    posted(60)
    posted(1, fund=Fund.EMPLOYEE_POOL)
    reader(client)

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = client.get("/funds/entries/?month=2023-05&fund=resident_pool").content.decode()

    assert "全部 60 张合计" in page
    assert "60,000.00" in page


def test_an_entry_opens_by_its_reference_with_its_postings(client: Client) -> None:
    posted(1)
    reader(client)

    page = client.get(f"/funds/entries/S202305-{YOUXIAN}-000/resident_pool/").content.decode()

    assert "记账凭证 0001" in page
    assert "950.00" in page
    assert "50.00" in page
    assert "借贷相等" in page


def test_a_reversed_entry_and_its_reversal_point_at_each_other(client: Client) -> None:
    posted(1)
    by = reader(client)
    reference = f"S202305-{YOUXIAN}-000/resident_pool"
    entry = ledger.reverse(
        Entry.objects.get(reference=reference),
        month="2023-06",
        because="重复",
        by=by,
    )

    assert entry.reference in client.get(f"/funds/entries/{reference}/").content.decode()
    assert reference in client.get(f"/funds/entries/{entry.reference}/").content.decode()


def test_an_empty_list_of_payments_says_why(client: Client) -> None:
    reader(client)

    assert "没有付款单" in client.get("/funds/payments/").content.decode()


@pytest.mark.parametrize("address", ["accounts", "trial-balance", "entries", "payments"])
def test_the_books_are_for_their_readers(client: Client, address: str) -> None:
    reader(client, Duty.COUNTER)

    assert client.get(f"/funds/{address}/").status_code == 403
