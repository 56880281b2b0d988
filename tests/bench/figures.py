"""What is measured. Each figure runs in a process and on a database of its own, and gives names with values."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from datetime import date

from bureau.demo import claim_files, names
from bureau.demo.areas import NAMES, YOUXIAN, towns
from bureau.demo.city import MONTHS, City, draw
from bureau.demo.seeds import stream
from bureau.demo.sizes import Size
from bureau.demo.stages import founding, parties
from bureau.demo.stages.colleagues import colleague
from bureau.kernel.periods import Month
from claims.services import adjudication, intake, settlement, verification
from relief.services import confirmation, rosters
from tests.bench.simulations import simulate
from tests.bench.speeds import SEED, adjudicate, part, seconds, speeds

BILLS = 20_000
ROWS = 100_000
CATEGORIES = ("特困人员", "低保对象", "低保边缘家庭成员")

Figures = dict[str, float]


def month(scale: float) -> Figures:
    """A month's claim files into the database, adjudicated, settled and approved."""
    city = _settled_in(part(BILLS, scale))
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
    content = _list(rows)

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
}


def _settled_in(bills: int) -> City:
    """A city with about so many bills a month; three bills to two people, as in the demo."""
    size = Size(employees=bills // 5, residents=bills // 2, employee_bills=bills // 3, resident_bills=bills * 2 // 3)
    city = draw("mianyang", size, SEED)
    for stage in (founding.found, founding.legislate, parties.designate, parties.settle_in):
        stage(city)
    return city


def _list(rows: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("姓名", "身份证号", "救助类别", "乡镇街道"))
    writer.writerows(_listed(rows))
    return text.getvalue().encode()


def _listed(rows: int) -> Iterator[tuple[str, ...]]:
    chance = stream(SEED, "bench", "roster")
    town_names = [NAMES[code] for code in towns(YOUXIAN)]
    taken: set[str] = set()
    while len(taken) < rows:
        born = date(1940 + chance.randrange(80), 1 + chance.randrange(12), 1 + chance.randrange(28))
        number = names.id_number(chance, is_male=True, born=born)
        if number not in taken:
            taken.add(number)
            name = names.name(chance, is_male=True, born=born)
            yield name, number, chance.choice(CATEGORIES), chance.choice(town_names)


def _roster_seconds(month: str, content: bytes) -> tuple[float, float]:
    clerk, checker = colleague("relief-youxian"), colleague("relief-check-youxian")
    began = time.perf_counter()
    staged = rosters.stage(
        content=content, file_name="list.csv", source="civil_affairs", month=month, area_code=YOUXIAN, by=clerk
    )
    between = time.perf_counter()
    confirmation.confirm(batch_id=staged.batch.pk, by=checker)
    return between - began, time.perf_counter() - between
