"""The commands of `docs/institution-api.md`, run as they stand against a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bureau.launcher.crew import Crew
from bureau.launcher.portal import start_web
from tests.browser import HOST
from tests.claims.api.conftest import a_caller
from tests.claims.views.conftest import a_may
from tests.conftest import CHECKOUT, ThrowawayDatabase
from tests.factories import month

PAGE = (CHECKOUT / "docs" / "institution-api.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
(BODY,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


def test_the_page_has_six_commands() -> None:
    assert len(COMMANDS) == 6


def test_every_command_works_as_it_stands(throwaway_database: ThrowawayDatabase, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    with Crew(CHECKOUT, throwaway_database.environment, logs=tmp_path / "log") as crew:
        start_web(crew, HOST, port, workers=1)
        follow(f"http://{HOST}:{port}", tmp_path)


def follow(portal: str, tmp_path: Path) -> None:
    may = a_may()
    month.approved(month.settled())
    body = json.loads(BODY)
    (claim,) = body["claims"]
    claim |= {"id_number": may.worker.id_number, "name": may.worker.name}
    (tmp_path / "claims.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    told = {
        **os.environ,
        "KEY": a_caller(may.first).text,
        "PORTAL": portal,
        "STATEMENT": "JS-202305-H51070400001",
        "no_proxy": "*",
    }
    connection.close()

    def run(command: str) -> dict[str, Any]:
        done = subprocess.run(["/bin/sh", "-c", command], env=told, cwd=tmp_path, capture_output=True, check=True)
        return dict(json.loads(done.stdout))

    own, taken = run(COMMANDS[0]), run(COMMANDS[1])
    told["FILE"] = str(taken["id"])
    file, claims, statements, statement = (run(command) for command in COMMANDS[2:])

    assert own["agreement"]["valid_from"] == "2023-01-01"
    assert (taken["rows"], taken["accepted"], taken["recognized"]) == (1, 1, False)
    assert (file["month"], file["accepted"], file["refused_rows"]) == ("2023-05", 1, [])
    assert [claim["number"] for claim in claims["claims"]] == ["MZ-1", "MZ-101"]
    assert [found["number"] for found in statements["statements"]] == ["JS-202305-H51070400001"]
    assert statement["due"] == "400.10"
