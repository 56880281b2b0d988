"""What the clock and the hints start. A hint may come twice, late or never: the state stands in PostgreSQL."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.organization.selectors import staff
from bureau.organization.terms import Duty
from bureau.trail.selectors import due_steps
from bureau.trail.services import runs
from claims.selectors.claims import waiting_years
from claims.services import adjudication, checking, settlement, verification

log = logging.getLogger(__name__)

# Below the soft time limit of a task; what is left is hinted at again.
SECONDS = 20.0


@shared_task(name="claims.settle_month", ignore_result=True)
@walls.as_system()
def settle_month(run_id: int) -> None:
    """Carry a month's settlement on."""
    settlement.work(run_id, seconds=SECONDS)
    if due_steps(run_id):
        runs.start("claims.settle_month", run_id=run_id)


@shared_task(name="claims.adjudicate_due", ignore_result=True)
@walls.as_system()
def adjudicate_due() -> None:
    """Adjudicate the person-years that wait."""
    done = adjudication.adjudicate_due(seconds=SECONDS, by=None)
    if done.person_years and waiting_years():
        runs.start("claims.adjudicate_due")


@shared_task(name="claims.open_month", ignore_result=True)
@walls.as_system()
def open_month() -> None:
    """On the 1st: open the month that has just ended, in the name of the city's accountant, who answers for it."""
    month = str(Month.of(timezone.localdate()).previous())
    accountant = staff.city_holder_of(Duty.FINANCE)
    if accountant is None:
        log.error("nobody holds the duty of the city's accountant; %s stays closed", month)
        return
    try:
        settlement.open_month(month=month, by=accountant)
    except BusinessError:
        log.exception("%s was not opened", month)


@shared_task(name="claims.check_books", ignore_result=True)
@walls.as_system()
def check_books() -> None:
    """Each night: prove that claims, statements, postings and payments agree, and write down what came out."""
    checking.check_books(by=None)


@shared_task(name="claims.open_verification", ignore_result=True)
@walls.as_system()
def open_verification() -> None:
    """Each night: begin to compute every stored adjudication once more."""
    verification.open_run(on=timezone.localdate())


@shared_task(name=verification.JOB, ignore_result=True)
@walls.as_system()
def verify_adjudications(run_id: int) -> None:
    """Carry the night's verification on."""
    verification.work(run_id, seconds=SECONDS)
    if due_steps(run_id):
        runs.start(verification.JOB, run_id=run_id)
