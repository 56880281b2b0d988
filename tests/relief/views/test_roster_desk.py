"""The roster desk through its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ImportBatch, Run
from relief.models import ReliefStatus, RosterEntry
from relief.services import arrivals, rosters
from relief.tasks import read_roster
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, an_id_number
from tests.factories.policy import a_release
from tests.factories.relief import a_line, a_roster_file, a_status

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data" / "rosters"


@pytest.fixture
def maker() -> Client:
    client = Client()
    client.force_login(a_clerk("maker", Duty.RELIEF))
    return client


@pytest.fixture
def checker() -> Client:
    client = Client()
    client.force_login(a_clerk("checker", Duty.RELIEF_CHECK))
    return client


def uploaded(client: Client, content: bytes, *, month: str = "2023-05", name: str = "名单.xlsx") -> ImportBatch:
    answer = client.post(
        "/relief/rosters/new/",
        {"source": "civil_affairs", "month": month, "area": YOUXIAN, "file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 302, answer.content.decode()
    return ImportBatch.objects.latest("id")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_month_from_upload_to_effect_through_the_pages(maker: Client, checker: Client) -> None:
    a_release()
    april = uploaded(maker, (DATA / "2023-04-civil-affairs.xlsx").read_bytes(), month="2023-04")
    confirm = f"/relief/rosters/{april.pk}/confirm/"
    assert "新增 200 人、变更 0 人、退出 0 人" in page(checker, confirm)
    assert checker.post(confirm).status_code == 302
    assert ReliefStatus.objects.count() == 200

    may = uploaded(maker, (DATA / "2023-05-civil-affairs.xlsx").read_bytes())
    assert "异常" in page(maker, f"/relief/rosters/{may.pk}/")
    for entry in RosterEntry.objects.filter(batch=may, verdict="error"):
        maker.post(f"/relief/rosters/{may.pk}/rows/{entry.line}/", {"reason": "待民政核实"})
    assert checker.post(f"/relief/rosters/{may.pk}/confirm/").status_code == 302
    may.refresh_from_db()
    assert may.stage == "applied"


def test_no_page_shows_a_whole_id_number(maker: Client, checker: Client) -> None:
    batch = uploaded(maker, (DATA / "2023-05-civil-affairs.xlsx").read_bytes())
    for tile in ("all", "new", "error", "warned"):
        shown = page(maker, f"/relief/rosters/{batch.pk}/?verdict={tile}")
        assert not re.search(r"[0-9]{17}[0-9X]", shown)


def test_the_maker_reads_a_sentence_instead_of_a_button(maker: Client, checker: Client) -> None:
    batch = uploaded(maker, a_roster_file([a_line(an_id_number())]))
    address = f"/relief/rosters/{batch.pk}/"
    assert "您是本批经办人，复核需由他人办理。" in page(maker, address)
    assert "复核本批" in page(checker, address)


def test_a_row_is_corrected_at_its_place(maker: Client) -> None:
    number = an_id_number()
    batch = uploaded(maker, a_roster_file([a_line(an_id_number()), a_line("")]))
    address = f"/relief/rosters/{batch.pk}/rows/3/"

    refused = maker.post(address, {"id_number": "510704197001010000"})
    assert refused.status_code == 422
    assert "第 3 行没有处理" in refused.content.decode()
    assert "510704197001010000" not in refused.content.decode()

    assert maker.post(address, {"id_number": number}).status_code == 302
    batch.refresh_from_db()
    assert batch.stage == "ready"


def test_a_refused_file_tells_its_reason(maker: Client) -> None:
    batch = uploaded(maker, (DATA / "2023-05-empty.xlsx").read_bytes())
    assert "文件不予导入" in page(maker, f"/relief/rosters/{batch.pk}/")


@pytest.mark.parametrize(("name", "content"), [("名单.csv", b"PK\x03\x04"), ("名单.xlsx", b"a,b"), ("名单.exe", b"MZ")])
def test_a_file_under_a_false_name_comes_back(maker: Client, name: str, content: bytes) -> None:
    form = {"source": "civil_affairs", "month": "2023-05", "area": YOUXIAN}
    answer = maker.post("/relief/rosters/new/", {**form, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert "文件名" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_the_same_file_again_leads_to_the_same_batch(maker: Client) -> None:
    content = a_roster_file([a_line(an_id_number())])
    first = uploaded(maker, content)
    assert uploaded(maker, content).pk == first.pk
    assert "没有重复处理" in page(maker, f"/relief/rosters/{first.pk}/")


def test_very_many_exits_are_stopped_by_a_page_of_their_own(maker: Client, checker: Client) -> None:
    a_release()
    listed = [a_status().person for _ in range(10)]
    batch = uploaded(maker, a_roster_file([a_line(person.id_number) for person in listed[:9]]))
    confirm = f"/relief/rosters/{batch.pk}/confirm/"

    assert "超过提醒线 5%" in page(checker, confirm)
    assert checker.post(confirm).status_code == 409
    assert "批准并执行" in page(checker, f"{confirm}?accept_shrink=yes")
    assert checker.post(f"{confirm}?accept_shrink=yes").status_code == 409
    assert checker.post(confirm, {"accept_shrink": "yes"}).status_code == 302


def test_a_batch_is_taken_back_with_a_reason(maker: Client, checker: Client) -> None:
    a_release()
    batch = uploaded(maker, a_roster_file([a_line(an_id_number())]))
    checker.post(f"/relief/rosters/{batch.pk}/confirm/")
    revoke = f"/relief/rosters/{batch.pk}/revoke/"

    assert maker.post(revoke, {"reason": ""}).status_code == 422
    assert maker.post(revoke, {"reason": "民政来函更正"}).status_code == 302
    assert not ReliefStatus.objects.exists()
    assert "民政来函更正" in page(maker, f"/relief/rosters/{batch.pk}/")


def test_the_list_of_errors_goes_out_whole_and_is_logged(maker: Client) -> None:
    batch = uploaded(maker, (DATA / "2023-05-civil-affairs.xlsx").read_bytes())
    answer = maker.post(f"/relief/rosters/{batch.pk}/errors/")
    assert answer["Content-Disposition"].endswith('errors.xlsx"')
    assert answer.content.startswith(b"PK")
    assert ActionLog.objects.filter(action="relief.roster.errors_downloaded", subject_key=str(batch.pk)).exists()


def test_another_county_sees_neither_list_nor_batch(maker: Client) -> None:
    batch = uploaded(maker, a_roster_file([a_line(an_id_number())]))
    stranger = Client()
    stranger.force_login(a_clerk("stranger", Duty.RELIEF, Duty.RELIEF_CHECK, area_code=JIANGYOU))
    assert f"批次 {batch.pk}" not in page(stranger, "/relief/rosters/")
    for address in ("", "confirm/", "revoke/"):
        assert stranger.get(f"/relief/rosters/{batch.pk}/{address}").status_code == 409
    assert stranger.post(f"/relief/rosters/{batch.pk}/errors/").status_code == 409


def test_without_a_relief_duty_nobody_enters() -> None:
    outsider = Client()
    outsider.force_login(a_clerk("outsider", Duty.FINANCE))
    assert outsider.get("/relief/rosters/").status_code == 403


def test_pages_ask_the_database_at_most_ten_times(
    maker: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = uploaded(maker, (DATA / "2023-05-civil-affairs.xlsx").read_bytes())
    for address in ("/relief/rosters/", f"/relief/rosters/{batch.pk}/", f"/relief/rosters/{batch.pk}/?verdict=all"):
        page(maker, address)
        with django_assert_max_num_queries(10):
            page(maker, address)


class TestALargeFile:
    @pytest.fixture(autouse=True)
    def every_file_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(arrivals, "READ_AT_ONCE", 0)

    def test_is_read_by_the_worker_while_the_page_waits(self, maker: Client, checker: Client) -> None:
        batch = uploaded(maker, (DATA / "2023-04-civil-affairs.xlsx").read_bytes(), month="2023-04")
        address = f"/relief/rosters/{batch.pk}/"
        assert (batch.stage, RosterEntry.objects.count()) == ("checking", 0)
        assert 'data-live="' in page(maker, address)
        assert "正在后台读取" in page(checker, f"{address}?reading=1")
        assert checker.post(f"{address}confirm/").status_code == 409

        run = Run.objects.get(job=arrivals.JOB, period=str(batch.pk))
        for _ in range(2):
            read_roster(run.pk)

        batch.refresh_from_db()
        run.refresh_from_db()
        assert (batch.stage, batch.counts["new"], run.stage, RosterEntry.objects.count()) == ("ready", 200, "done", 200)
        assert ActionLog.objects.get(action="relief.roster.staged").by == batch.opened_by
        assert "查看比对结果" in page(maker, f"{address}?reading=1")
        assert "待复核" in page(maker, address)

    def test_that_is_no_roster_is_refused_with_its_reason(self, maker: Client) -> None:
        batch = uploaded(maker, (DATA / "2023-05-empty.xlsx").read_bytes())
        read_roster(Run.objects.get().pk)
        assert "文件不予导入" in page(maker, f"/relief/rosters/{batch.pk}/")

    def test_that_could_not_be_read_says_so_and_is_tried_again(
        self, maker: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = (DATA / "2023-04-civil-affairs.xlsx").read_bytes()
        batch = uploaded(maker, content)
        with monkeypatch.context() as broken:
            broken.setattr(rosters, "judge", refusing)
            read_roster(Run.objects.get().pk)
        assert "文件没有读完" in page(maker, f"/relief/rosters/{batch.pk}/")

        assert uploaded(maker, content) == batch
        read_roster(Run.objects.get().pk)
        batch.refresh_from_db()
        assert (batch.stage, Run.objects.get().stage) == ("ready", "done")


def refusing(*_: object, **__: object) -> None:
    raise BusinessError("policy.missing", "没有已发布的政策。")
