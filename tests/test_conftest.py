"""The fixtures that other tests stand on."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from bureau.organization.models import Area
from tests.conftest import CHECKOUT, ThrowawayDatabase

COUNT = "from bureau.organization.models import Area; print(Area.objects.count())"


@pytest.mark.parametrize("turn", [1, 2])
def test_a_throwaway_database_is_empty_each_time_although_commits_are_real(
    throwaway_database: ThrowawayDatabase, turn: int
) -> None:
    assert Area.objects.count() == 0
    Area.objects.create(code="510700", name="绵阳市", level="city")
    assert connection.settings_dict["NAME"] == throwaway_database.name


def test_another_process_sees_what_was_committed_to_a_throwaway_database(throwaway_database: ThrowawayDatabase) -> None:
    Area.objects.create(code="510700", name="绵阳市", level="city")

    shown = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", COUNT],
        cwd=CHECKOUT,
        env=throwaway_database.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == "1"


def test_tests_use_a_broker_database_of_their_own(settings) -> None:
    assert not settings.REDIS_URL.endswith("virtual_host=0")
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "bureau.settings.test"
