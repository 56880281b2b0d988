"""What relief shows on pages below it."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau.organization.terms import Duty
from relief.services import rosters
from tests.factories.people import YOUXIAN, a_clerk, an_id_number
from tests.factories.relief import a_line, a_roster_file

pytestmark = pytest.mark.django_db


def test_a_roster_waits_for_its_checker_and_not_for_its_maker(client: Client) -> None:
    maker = a_clerk("maker", Duty.RELIEF, Duty.RELIEF_CHECK)
    content = a_roster_file([a_line(an_id_number())])
    rosters.stage(
        content=content, file_name="a.xlsx", source="civil_affairs", month="2023-05", area_code=YOUXIAN, by=maker
    )
    client.force_login(maker)
    assert "待复核名单" not in client.get("/").content.decode()
    client.force_login(a_clerk("checker", Duty.RELIEF_CHECK))
    assert "待复核名单" in client.get("/").content.decode()


def test_a_roster_with_errors_waits_for_the_relief_desk(client: Client) -> None:
    maker = a_clerk("maker", Duty.RELIEF)
    content = a_roster_file([a_line("")])
    rosters.stage(
        content=content, file_name="a.xlsx", source="civil_affairs", month="2023-05", area_code=YOUXIAN, by=maker
    )
    client.force_login(maker)
    assert "待处理异常的名单" in client.get("/").content.decode()
