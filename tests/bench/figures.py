"""What is measured. Each figure runs in a process and on a database of its own, and gives names with values."""

from __future__ import annotations

import time
from collections.abc import Callable

from bureau.demo import claim_files
from bureau.demo.areas import YOUXIAN
from bureau.demo.city import MONTHS, draw
from bureau.demo.sizes import Size
from bureau.demo.stages import founding, parties
from bureau.demo.stages.colleagues import colleague
from bureau.kernel.periods import Month
from claims.services import adjudication, intake, settlement, verification
from relief.services import confirmation, rosters
from tests.bench import cities
from tests.bench.protection import protection
from tests.bench.simulations import simulate
from tests.bench.speeds import SEED, adjudicate, part, seconds, speeds

BILLS = 20_000
ROWS = 100_000

Figures = dict[str, float]


def month(scale: float) -> Figures:
    """A month's claim files into the database, adjudicated, settled and approved."""
    city = cities.drawn(part(BILLS, scale))
    cities.founded(city)
    parties.settle_in(city)
    first = MONTHS[0]
    files = {code: claim_files.content(bills) for code, bills in city.files(first).items()}
    accountant, approver = colleague("finance-city"), colleague("approve-city")
    claims = 0

    def take_in() -> None:
        nonlocal claims
        for code, content in files.items():
            receipt = intake.receive(
                content=content, file_name=code, institution_code=code, month=str(Month.of(first)), by=accountant
            )
            claims += receipt.accepted

    def settle() -> None:
        run = settlement.open_month(month=str(Month.of(first)), by=accountant)
        settlement.approve(run=settlement.work(run.run_id), by=approver)

    intake_taken = seconds(take_in)
    adjudication_taken = seconds(lambda: adjudication.adjudicate_due(by=accountant))
    verification_taken = seconds(verification.verify)
    settlement_taken = seconds(settle)
    return {
        "month_claims": claims,
        "intake_claims_per_second": claims / intake_taken,
        "adjudication_claims_per_second": claims / adjudication_taken,
        "intake_and_adjudication_claims_per_second": claims / (intake_taken + adjudication_taken),
        "verification_claims_per_second": claims / verification_taken,
        "verification_over_adjudication": adjudication_taken / verification_taken,
        "settlement_claims_per_second": claims / settlement_taken,
    }


def roster(scale: float) -> Figures:
    """A full list of people nobody knew, staged and confirmed; then next month's, which says the same."""
    city = draw("mianyang", Size(1, 1, 1, 1), SEED)
    founding.found(city)
    founding.legislate(city)
    rows = part(ROWS, scale)
    content = cities.roster_file(rows)

    staged, confirmed = _roster_seconds("2023-01", content)
    staged_again, confirmed_again = _roster_seconds("2023-02", content)
    return {
        "roster_rows": rows,
        "roster_staged_rows_per_second": rows / staged,
        "roster_confirmed_rows_per_second": rows / confirmed,
        "roster_rows_per_second": rows / (staged + confirmed),
        "roster_unchanged_rows_per_second": rows / (staged_again + confirmed_again),
    }


FIGURES: dict[str, Callable[[float], Figures]] = {
    "kernel": speeds,
    "adjudicate": adjudicate,
    "month": month,
    "roster": roster,
    "simulation": simulate,
    "walls": protection,
}


def _roster_seconds(month: str, content: bytes) -> tuple[float, float]:
    clerk, checker = colleague("relief-youxian"), colleague("relief-check-youxian")
    began = time.perf_counter()
    staged = rosters.stage(
        content=content, file_name="list.csv", source="civil_affairs", month=month, area_code=YOUXIAN, by=clerk
    )
    between = time.perf_counter()
    confirmation.confirm(batch_id=staged.batch.pk, by=checker)
    return between - began, time.perf_counter() - between
