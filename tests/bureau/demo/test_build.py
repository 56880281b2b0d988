from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from bureau.demo import build, city
from bureau.demo.sizes import size_of
from bureau.kernel.errors import BusinessError
from bureau.policy.models import Release
from bureau.policy.selectors import differing, rulesets
from bureau.trail.models import ImportBatch
from bureau.trail.services import actions
from claims.models import Claim, SettlementRun
from claims.selectors import settlements
from claims.services import checking, settlement
from relief.models import RosterEntry
from tests.factories import people

TINY = "0.001"
# What 2023-05 of the tiny city of seed 1 is sealed with, on every machine. Whoever changes it changes amounts that were
# paid: the changelog says which.
SEAL = "cef9129a28e2eb8d9a16bf32e306869bc29ed195090c683fc5f25391e45ac31e"


def build_city(say=lambda sentence: None) -> None:
    build.build("mianyang", scale=TINY, seed=1, say=say)


def settle_may() -> str:
    call_command("settle", "2023-05", "--by", "finance-city", "--here", stdout=StringIO(), stderr=StringIO())
    return settlements.run_named("2023-05").seal_sha256


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.slow
def test_a_second_build_changes_nothing(throwaway_database):
    build_city()
    seal, rows = settle_may(), row_counts()
    heard: list[str] = []

    build_city(heard.append)
    # Each stage by itself knows that it is done, too.
    build.perform(city.draw("mianyang", size_of(TINY), 1), say=lambda sentence: None)

    assert heard == ["演示城市已建好，不作改动。"]
    assert row_counts() == rows
    assert settle_may() == settlement.digest(settlements.run_named("2023-05")) == seal == SEAL
    summary = StringIO()
    call_command("demo_summary", stdout=summary)
    assert seal[:12] in summary.getvalue()
    assert "Yibao-demo-2023" in summary.getvalue()
    assert "policy-check-city：绵阳市第 2 次发布待逐处核对（示例：" in summary.getvalue()


@pytest.mark.slow
def test_a_made_up_draft_waits_for_the_second_person_and_touches_no_month_of_the_demo(throwaway_database):
    build_city()

    draft = Release.objects.get(number=2)
    assert (draft.stage, draft.drafted_by.username) == ("submitted", "policy-city")
    # 50 → 55 % for 30 cells, and 40 → 45 % for the 6 of unfiled care in another province; and the document itself.
    found = differing.differences(draft)
    assert [(change.before, change.after, change.days, change.cells) for change in found.values] == [
        ("40%", "45%", "2024-01-01 起", 6),
        ("50%", "55%", "2024-01-01 起", 30),
    ]
    assert [change.name for change in found.files] == ["mianyang-outpatient-2024.yaml"]
    assert rulesets.rulebook_in_force().sha256 == Release.objects.get(number=1).sha256


@pytest.mark.slow
def test_a_build_that_was_broken_off_goes_on_and_gives_the_seal_of_every_machine(throwaway_database):
    # Other keys than those of a fresh database: no seal may depend on them.
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(seqrelid::regclass, 70000) FROM pg_sequence")

    def break_off(sentence: str) -> None:
        if "名单" in sentence:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_city(break_off)
    build_city()

    assert settle_may() == SEAL
    assert {run.month: run.stage for run in SettlementRun.objects.all()} == {
        "2023-01": "paying",
        "2023-02": "paying",
        "2023-03": "paying",
        "2023-04": "paying",
        "2023-05": "sealed",
    }
    assert checking.prove().is_sound
    rosters = ImportBatch.objects.filter(kind="roster")
    assert {(batch.month, batch.source): batch.stage for batch in rosters} == {
        ("2023-04", "civil_affairs"): "applied",
        ("2023-05", "civil_affairs"): "applied",
        ("2023-05", "disabled_federation"): "ready",
        ("2023-06", "civil_affairs"): "has_errors",
    }
    may = rosters.get(month="2023-05", source="civil_affairs")
    assert (may.opened_by.username, may.confirmed_by.username) == ("relief-youxian", "relief-check-youxian")
    settled = RosterEntry.objects.filter(batch=may).exclude(settled_how="").values_list("line", "settled_how", "name")
    assert sorted(settled) == [
        (17, "set_aside", "王明丽"),
        (31, "fixed", "孙超芳"),
        (62, "set_aside", "赵艳珍"),
        (80, "fixed", "陈超玉"),
        (105, "fixed", "吴敏"),
        (109, "fixed", "吴超珍"),
        (155, "fixed", "张华平"),
        (175, "set_aside", "周涛"),
        (209, "set_aside", "王军国"),
        (210, "set_aside", "高军"),
    ]
    # Somebody's coverage had ended before May: the claim waits outside the settlement.
    assert list(Claim.objects.filter(received_month="2023-05", stage="received").values_list("settlement_run")) == [
        (None,)
    ]


def test_another_size_is_refused_where_a_city_stands(db):
    asked = {"scale": "small", "seed": 1}
    actions.record(
        action="demo.city.begun", subject_kind="demo_city", subject_key="mianyang", summary="", detail=asked, by=None
    )
    with pytest.raises(BusinessError, match="已有规模 small、种子 1 的演示城市"):
        build_city()


def test_a_database_with_other_data_is_left_alone(db):
    people.areas()
    with pytest.raises(BusinessError) as refusal:
        build_city()
    assert refusal.value.code == "demo.in_use"


def test_where_the_settings_do_not_allow_it_there_are_no_accounts_with_a_public_password(db, settings):
    del settings.DEMO_ACCOUNTS
    with pytest.raises(CommandError, match=r"demo\.settings"):
        call_command("demo_city")


def test_a_city_without_packs_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="还没有“hangzhou”的演示数据"):
        call_command("demo_city", "--city", "hangzhou")


def test_there_is_no_summary_before_there_is_a_city(db):
    with pytest.raises(CommandError, match=r"demo\.missing"):
        call_command("demo_summary")
