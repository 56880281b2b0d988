"""Five months of claim files taken in and adjudicated; the first four are settled, approved and on their way to the
bank, the fifth is left to the settlement that the demo shows, and of June a few files wait."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from bureau.demo import claim_files
from bureau.demo.areas import YOUXIAN
from bureau.demo.city import JUNE, MONTHS, City
from bureau.demo.stages.colleagues import colleague, of_county
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.kernel.terms import Scheme
from bureau.trail import selectors as trail
from bureau.trail.services import runs
from claims.selectors import settlements
from claims.services import adjudication, intake, settlement
from claims.terms import SettlementStage
from enrollment.selectors import people
from enrollment.services import enrollments

if TYPE_CHECKING:
    from bureau.demo.bills import Bill

SHOWN = MONTHS[-1]


def settle_earlier(city: City) -> str:
    """From January to April: files in, adjudicated, settled, approved, exported."""
    for first in MONTHS[:-1]:
        if settlements.run_for(str(Month.of(first))) is None:
            _take_in(city, first)
            adjudication.adjudicate_due(by=colleague("finance-city"))
        _settle(str(Month.of(first)))
    return f"{Month.of(MONTHS[0])} 至 {Month.of(MONTHS[-2])} 已结算"


def take_in_shown(city: City) -> str:
    """The month that is to be settled; somebody's coverage turns out to have ended, so one claim has to stay out."""
    month = str(Month.of(SHOWN))
    if settlements.run_for(month) is None:
        files = _take_in(city, SHOWN)
        _end_coverage(city, files)
        adjudication.adjudicate_due(by=colleague("finance-city"))
    return f"{month} 费用单据待结算"


def take_in_june(city: City) -> str:
    """Some hospitals are early."""
    files = _take_in(city, JUNE)
    adjudication.adjudicate_due(by=colleague("finance-city"))
    return f"{Month.of(JUNE)} 已有 {len(files)} 家机构申报"


def _take_in(city: City, first: date) -> dict[str, list[Bill]]:
    month = str(Month.of(first))
    files = city.files(first)
    for code, bills in files.items():
        intake.receive(
            content=claim_files.content(bills),
            file_name=claim_files.name(code, month),
            institution_code=code,
            month=month,
            by=of_county("review1", code[1:7], otherwise="finance-city"),
        )
    return files


def _end_coverage(city: City, files: dict[str, list[Bill]]) -> None:
    """A resident of Youxian with one claim this month moved away on its first day, as is learned afterwards."""
    residents = {
        one.id_number
        for one in city.people
        if one.county == YOUXIAN
        and not one.is_on_roster
        and [(stretch.scheme, stretch.valid_until) for stretch in one.stretches] == [(Scheme.RESIDENT, None)]
    }
    claimants = [bill.id_number for bills in files.values() for bill in bills]
    moved = next((one for one in claimants if one in residents and claimants.count(one) == 1), None)
    person = people.by_id_number(moved) if moved else None
    if person is None:
        return
    coverage = people.enrollments_of(person).first()
    if coverage is not None and coverage.valid_until is None:
        enrollments.terminate(
            enrollment_id=coverage.pk,
            valid_until=SHOWN,
            reason="户口迁往市外，社区补报",
            by=colleague("clerk-youxian"),
        )


def _settle(month: str) -> None:
    run = settlements.run_for(month)
    if run is not None and run.stage == SettlementStage.PAYING:
        return
    accountant = colleague("finance-city")
    run = settlement.open_month(month=month, by=accountant)
    while run.stage == SettlementStage.COMPUTING:
        run = settlement.work(run.run_id)
        failed = trail.failed_steps(run.run_id)
        if failed:
            raise BusinessError("demo.month", f"{month} 月结算未能完成：{failed[0][0]} {failed[0][1]}")
        if runs.unfinished(run.run_id):
            # A worker has the rest in hand.
            time.sleep(0.2)
    settlement.approve(run=run, by=colleague("approve-city"))
    settlement.export_payments(run=run, by=accountant)
