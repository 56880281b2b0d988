"""A backup, read back elsewhere, is the same city: walls, keys, seals, chain and books, by the runbook's commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from bureau.kernel.terms import Care
from bureau.launcher import roles
from bureau.launcher.places import APPLICATION_ROLE, OWNER_ROLE, locate
from bureau.trail.services import chain
from claims.models import SettlementRun
from tests.conftest import CHECKOUT, ThrowawayDatabase, server_tool
from tests.factories import month, people
from tests.factories.month import Bill

pytestmark = pytest.mark.slow


@pytest.fixture
def settled(throwaway_database: ThrowawayDatabase) -> SettlementRun:
    """A month with one bill, approved, and the log sealed."""
    month.the_law()
    person = people.a_person()
    people.an_enrollment(person)
    month.filed(month.a_paid_hospital(), Bill("ZY-1", person, "20800", Care.INPATIENT))
    month.adjudicated()
    run = month.approved(month.settled())
    chain.seal()
    return run


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The name of a database, and of a role that makes backups, which are not there yet."""
    name = f"restored_{uuid4().hex[:8]}"
    with _above("postgres") as above:
        above.execute(f'CREATE ROLE "{name}" LOGIN BYPASSRLS')
        above.execute(f'GRANT pg_read_all_data TO "{name}"')
    yield name
    with _above("postgres") as above:
        above.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        above.execute(f'DROP ROLE "{name}"')


def _above(database: str) -> psycopg.Connection:
    """As the server's superuser."""
    return roles.connect(locate(CHECKOUT), database)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    """What a command says on the restored database, as the application's role."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_read_back_proves_itself(
    settled: SettlementRun, throwaway_database: ThrowawayDatabase, elsewhere: str, tmp_path: Path
) -> None:
    head = chain.prove().head
    assert head and settled.seal_sha256
    file = str(tmp_path / "portal.dump")

    server_tool("pg_dump", "--format=custom", "--file", file, throwaway_database.name, role=elsewhere)
    with _above("postgres") as above:
        above.execute(f'CREATE DATABASE "{elsewhere}" OWNER {OWNER_ROLE} TEMPLATE template0')
    server_tool("pg_restore", "--exit-on-error", "--dbname", elsewhere, file, role="postgres")

    restored = {
        key: value.replace(throwaway_database.name, elsewhere) for key, value in throwaway_database.environment.items()
    }
    assert head in _manage(restored, "verify_trail", "--head", head)
    assert "settled_claims 1，statements 1" in _manage(restored, "check_books")
    assert "enrollment_person.id_number：1 个值，0 个不符" in _manage(restored, "rotate_field_keys", "--verify")
    assert "重新计算 1 个人年、1 个核算版本" in _manage(restored, "verify_adjudications", "--all")
    with _above(elsewhere) as above:
        assert above.execute("SELECT seal_sha256 FROM claims_settlementrun").fetchall() == [(settled.seal_sha256,)]
        # The walls came along: the application's role sees nobody where nobody acts.
        above.execute(f"SET ROLE {APPLICATION_ROLE}")
        assert above.execute("SELECT count(*) FROM enrollment_person").fetchone() == (0,)
        above.execute("RESET ROLE")
        with pytest.raises(psycopg.Error, match="只增不改"):
            above.execute("DELETE FROM trail_actionlog")


def test_who_stands_behind_the_wall_makes_no_backup(
    settled: SettlementRun, throwaway_database: ThrowawayDatabase, tmp_path: Path
) -> None:
    """A dump without all rows would look like one; PostgreSQL refuses instead."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        server_tool("pg_dump", "--file", str(tmp_path / "portal.dump"), throwaway_database.name, role=OWNER_ROLE)
    assert b"row-level security" in refused.value.stderr
