"""The month as staff type it, from the claim file to the proved books; a real worker does the steps."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bureau.kernel.terms import Care
from bureau.trail.models import ActionLog
from tests.claims.test_killed_worker import a_worker
from tests.conftest import CHECKOUT, ThrowawayDatabase
from tests.factories import month, people
from tests.factories.month import Bill


@pytest.mark.slow
def test_the_month_from_the_command_line(throwaway_database: ThrowawayDatabase, tmp_path: Path) -> None:
    def manage(*command: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=CHECKOUT,
            env=throwaway_database.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.a_paid_hospital(code="H51070400001")
    month.the_law()
    month.an_accountant(), month.an_approver(), month.a_cashier()
    file, out = tmp_path / "claims.csv", tmp_path / "payments.csv"
    file.write_bytes(month.a_claim_file(Bill("1", farmer, "20800.00", Care.INPATIENT), Bill("2", farmer, "x")))

    arguments = ("import_claims", str(file), "--institution", "H51070400001", "--month", "2023-05", "--json")
    receipt = json.loads(manage(*arguments, "--by", "finance-city"))
    assert (receipt["rows"], receipt["accepted"], receipt["refused"]) == (2, 1, 1)
    assert json.loads(manage("adjudicate_claims", "--json"))["written"] == 1

    with a_worker(throwaway_database):
        report = json.loads(manage("settle", "2023-05", "--by", "finance-city", "--json"))
    # 60 % of 20,000.00 = 12,000.00, of which 5 % is held.
    assert report["by_fund"] == {
        "resident_pool": {"due": "12000.00", "deducted": "0.00", "withheld": "600.00", "payable": "11400.00"}
    }
    assert (report["stage"], report["institutions"], report["claims"]) == ("sealed", 1, 1)
    assert json.loads(manage("settle", "2023-05", "--by", "finance-city", "--json")) == report

    assert "[claims.duty]" in manage("approve_settlement", str(report["run"]), "--by", "finance-city", code=1)
    manage("approve_settlement", str(report["run"]), "--by", "approve-city")
    manage("export_payments", str(report["run"]), "--out", str(out))
    assert "FK-202305-H51070400001-resident_pool" in out.read_text(encoding="utf-8")
    assert out.read_text(encoding="utf-8").count("\n") == 2
    proof = json.loads(manage("check_books", "--json"))
    assert proof["ok"]
    assert proof["counts"]["payment_orders"] == 1
    assert ActionLog.objects.filter(action="claims.settlement.approved").count() == 1
