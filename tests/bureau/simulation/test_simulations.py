"""A simulation from its page to its report: resumable, cancelable, reproducible, the city's alone."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger
from bureau.funds.terms import AccountKind, Direction, EntryKind
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Fund
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.simulation.models import Scenario, Simulation, SimulationPart, Snapshot
from bureau.simulation.rules import scenarios as rules
from bureau.simulation.rules import shown
from bureau.simulation.rules import snapshots as files
from bureau.simulation.selectors.snapshots import path_of
from bureau.simulation.services import scenarios, simulations, snapshots
from bureau.simulation.terms import SimulationStage
from bureau.trail.models import ActionLog
from tests.claims.views.conftest import a_may
from tests.factories import month, people
from tests.factories.simulation import a_row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path


@pytest.fixture
def officer():
    month.the_law()
    return people.a_clerk("officer", Duty.POLICY, area_code="510700")


def a_snapshot(rows, key: str = "test") -> Snapshot:
    return snapshots.keep_invented(
        key=key,
        name="试",
        city="mianyang",
        valid_from=date(2022, 1, 1),
        valid_until=date(2023, 1, 1),
        rows=rows,
        by=None,
    )


def a_scenario(officer) -> Scenario:
    return scenarios.create(name="提前共济", base=packs.pack_bytes("mianyang"), year=2023, by=officer)


def done(simulation: Simulation) -> Simulation:
    found = simulations.work(simulation.run_id)
    assert found is not None
    assert found.stage == SimulationStage.DONE
    return found


class TestRunning:
    def test_the_same_inputs_give_the_same_digest_and_policy_is_never_written(self, officer):
        before = list(Release.objects.values_list("pk", "sha256", "stage"))
        rows = [a_row(1, 1, 100_000, care="outpatient"), a_row(2, 1, 3_000_000)]
        one = done(simulations.start(scenario=a_scenario(officer), snapshot=a_snapshot(rows), by=officer))
        two = done(simulations.start(scenario=a_scenario(officer), snapshot=a_snapshot(rows, "again"), by=officer))

        assert one.sha256 == two.sha256 != ""
        assert one.result["whole"]["after"]["pooled"] - one.result["whole"]["before"]["pooled"] == 40_000
        assert list(Release.objects.values_list("pk", "sha256", "stage")) == before
        assert SimulationPart.objects.count() == 0
        assert ActionLog.objects.filter(action="simulation.done").count() == 2

    def test_a_run_that_is_broken_off_goes_on_where_it_stopped(self, officer, monkeypatch):
        monkeypatch.setattr(simulations, "GROUPS_A_STEP", 1)
        monkeypatch.setattr(files, "GROUP", 1)
        rows = [a_row(person, 1, 100_000 * person, care="outpatient") for person in range(1, 6)]
        straight = done(simulations.start(scenario=a_scenario(officer), snapshot=a_snapshot(rows), by=officer))
        simulation = simulations.start(scenario=a_scenario(officer), snapshot=a_snapshot(rows), by=officer)

        assert simulations.work(simulation.run_id, seconds=0).stage == SimulationStage.COMPUTING
        plan = simulations._plan(simulation.pk)
        simulations.runs.work(simulation.run_id, lambda step: keep(simulation, plan, step), seconds=0.001)
        assert SimulationPart.objects.filter(simulation=simulation).count() >= 1
        simulations.cancel(simulation, by=officer)
        assert simulations.work(simulation.run_id).stage == SimulationStage.CANCELED
        with pytest.raises(BusinessError, match="没有在计算"):
            simulations.cancel(simulation, by=officer)

        simulations.resume(simulation, by=officer)
        assert done(simulation).sha256 == straight.sha256

    def test_a_county_does_not_simulate(self, officer):
        county = people.a_clerk("county", Duty.FINANCE)
        with pytest.raises(BusinessError, match="市级"):
            scenarios.create(name="试", base=packs.pack_bytes("mianyang"), year=2023, by=county)
        with pytest.raises(BusinessError, match="市级"):
            simulations.start(scenario=a_scenario(officer), snapshot=a_snapshot([a_row(1, 1, 100)]), by=county)

    def test_nothing_changed_is_refused_and_another_city_too(self, officer):
        with pytest.raises(BusinessError, match="完全相同"):
            scenarios.create(name="试", base=packs.pack_bytes("mianyang"), by=officer)
        with pytest.raises(BusinessError, match="同一个城市"):
            scenarios.create(
                name="试", base=packs.pack_bytes("mianyang"), other=packs.pack_bytes("hangzhou"), by=officer
            )


def keep(simulation, plan, step) -> None:
    first = int(step.key)
    sums = plan.run(range(first, first + 1), simulations.compiled.PLAIN)
    SimulationPart.objects.create(simulation=simulation, key=step.key, content=sums.to_bytes())


class TestFromTheDatabase:
    def test_the_claims_of_a_period_come_to_what_was_adjudicated(self, officer, capsys):
        a_may()
        call_command("build_snapshot", "--from", "2023-01", "--until", "2023-05")
        snapshot = Snapshot.objects.get()
        content = path_of(snapshot.key).read_bytes()

        assert (snapshot.claims, snapshot.persons, snapshot.is_synthetic) == (3, 3, False)
        assert snapshot.sha256 in capsys.readouterr().out
        simulation = done(
            simulations.start(
                scenario=scenarios.create(name="回到 2022", base=packs.pack_bytes("mianyang"), year=2022, by=officer),
                snapshot=snapshot,
                by=officer,
            )
        )
        # As `a_may` says: pooled 400.10 + 44,700.00 + 300.00; by the law of 2022 the employee gets nothing.
        whole = simulation.result["whole"]
        assert whole["before"]["pooled"] == 4_540_010
        assert whole["after"]["pooled"] == 4_500_000
        assert (whole["before"]["major"], whole["before"]["assistance"]) == (507_000, 716_100)
        call_command("build_snapshot", "--from", "2023-01", "--until", "2023-05")
        assert Snapshot.objects.count() == 1
        assert path_of(snapshot.key).stat().st_size == len(content)

    def test_an_empty_period_is_refused(self, officer):
        with pytest.raises(BusinessError, match="没有核算过的单据"):
            snapshots.build(valid_from=date(2023, 1, 1), valid_until=date(2023, 2, 1), by=None)


class TestPages:
    @pytest.fixture
    def client(self, officer):
        client = Client()
        client.force_login(officer)
        return client

    def test_a_value_is_typed_and_the_report_comes(self, client, officer):
        snapshot = a_snapshot([a_row(1, 1, 100_000, care="inpatient", day="2022-05-01")])
        law = packs.load_city("mianyang")
        fields = rules.fields(law, date(2022, 1, 1), "职工 住院")
        ratio = next(
            one for one in fields if one.row.name == "inpatient.ratio" and one.row.labels["level"] == ("tertiary",)
        )
        page = client.get(reverse("simulation:new"))
        assert f'name="{ratio.name}"' in page.content.decode()
        form = {"name": "住院降十个点", "snapshot": snapshot.key, "base": Release.objects.get().pk}

        wrong = client.post(reverse("simulation:new"), {**form, ratio.name: "七成"}).content.decode()
        assert f'id="{ratio.name}_error"' in wrong
        elsewhere = client.post(reverse("simulation:new"), {**form, ratio.name: "abc", "search": "救助"})
        # The row that is wrong stands first, though it is not among those searched for.
        assert elsewhere.context["rows"][0][0].name == ratio.name
        assert f'id="{ratio.name}_error"' in elsewhere.content.decode()
        assert Scenario.objects.count() == 0
        found = client.post(
            reverse("simulation:new"), {**form, ratio.name: "70%", "action": "search", "search": "救助"}
        )
        assert f'<input type="hidden" name="{ratio.name}" value="70%">' in found.content.decode()

        answer = client.post(reverse("simulation:new"), {**form, ratio.name: "70%"})
        simulation = Simulation.objects.get()
        address = reverse("simulation:simulation", args=[simulation.pk])
        assert (answer.status_code, answer["Location"]) == (302, address)
        assert "取消计算" in client.get(address).content.decode()
        done(simulation)

        # (1,000 − 800) × 80 % = 160, × 70 % = 140: 20 less.
        for by in ("county", "scheme", "care", "level", "relief"):
            page = client.get(address, {"by": by}).content.decode()
            assert "−20.00" in page
            assert "待遇不降低" in page
        kept = client.get(reverse("simulation:kept", args=[simulation.pk])).content.decode()
        assert "总体待遇降低 −20.00 元" in kept
        assert client.get(reverse("simulation:compare"), {"a": simulation.pk, "b": simulation.pk}).status_code == 200
        assert "住院降十个点" in client.get(reverse("simulation:simulations"), {"name": "住院"}).content.decode()
        assert "测算完成" in client.get(reverse("simulation:progress", args=[simulation.pk])).content.decode()

        book = openpyxl.load_workbook(
            io.BytesIO(client.get(reverse("simulation:workbook", args=[simulation.pk])).content)
        )
        assert [row for row in book["待遇降低"].values][1] == (1, 20)
        assert ActionLog.objects.filter(action="simulation.exported").count() == 1

        delete = reverse("simulation:delete", args=[simulation.pk])
        assert "删除方案" in client.get(delete).content.decode()
        client.post(delete)
        assert (Scenario.objects.count(), Simulation.objects.count()) == (0, 0)

    def test_a_page_takes_few_queries(self, client, officer, django_assert_max_num_queries):
        simulation = simulations.start(
            scenario=a_scenario(officer), snapshot=a_snapshot([a_row(1, 1, 100_000)]), by=officer
        )
        done(simulation)
        own = [simulation.pk]
        for address in (
            reverse("simulation:simulations"),
            reverse("simulation:new"),
            reverse("simulation:account"),
            f"{reverse('simulation:compare')}?a={simulation.pk}&b={simulation.pk}",
            *(f"{reverse('simulation:simulation', args=own)}?by={by}" for by, _ in shown.DIMENSIONS),
            reverse("simulation:kept", args=own),
            reverse("simulation:progress", args=own),
            reverse("simulation:delete", args=own),
        ):
            with django_assert_max_num_queries(10):
                assert client.get(address).status_code == 200, address

    def test_months_of_reserve_come_from_the_books_or_from_what_was_typed(self, client, officer):
        snapshot = a_snapshot([a_row(1, 1, 1_000_000)])
        # The year's contributions as somebody would post them: 18,400.00 into the employees' bank account.
        lines = tuple(
            bookkeeping.Line(account, direction, 1_840_000)
            for account, direction in ((AccountKind.BANK, Direction.DEBIT), (AccountKind.PAYABLE, Direction.CREDIT))
        )
        booked = bookkeeping.Draft(
            "RK-2022", Fund.EMPLOYEE_POOL, "2022-12", "510700", EntryKind.SETTLEMENT, "2022 年基金收入", lines
        )
        ledger.post([booked], by=month.an_accountant())
        form = client.get(reverse("simulation:new")).context["form"]
        assert form["employee_reserve"].value() == "18400.00"
        assert form["resident_reserve"].value() in (None, "")

        # (10,000 − 800) × 80 % = 7,360 a year; 18,400 × 12 ÷ 7,360 = 30 months under both laws.
        scenario = scenarios.create(name="试", base=packs.pack_bytes("mianyang"), year=2023, by=officer)
        simulation = simulations.start(
            scenario=scenario, snapshot=snapshot, reserves={"employee_pool": 1_840_000}, by=officer
        )
        page = client.get(reverse("simulation:simulation", args=[done(simulation).pk])).content.decode()
        assert "30.0 → 30.0" in page
        assert page.count("未填结余") == 3

    def test_losers_are_found_by_number_and_by_how_much(self, client, officer):
        # In 2022 an outpatient bill of an employee is not covered: back from 2023, each loses (eligible − 200) × 50 %.
        rows = [
            a_row(person, 1, eligible, care="outpatient", day="2023-03-01")
            for person, eligible in ((1, 30_000), (2, 60_000), (3, 100_000))
        ]
        snapshot = a_snapshot(rows)
        back = scenarios.create(name="回到 2022", base=packs.pack_bytes("mianyang"), year=2022, by=officer)
        address = reverse(
            "simulation:kept",
            args=[done(simulations.start(scenario=back, snapshot=snapshot, by=officer)).pk],
        )

        def losers(**filters: str) -> list[tuple[int, int]]:
            return list(client.get(address, filters).context["page"])

        assert losers() == [(3, 40_000), (2, 20_000), (1, 5_000)]
        assert losers(at_least="200") == [(3, 40_000), (2, 20_000)]
        assert losers(person="1") == [(1, 5_000)]
        assert losers(person="1", at_least="200") == []
        assert "“abc”不是金额" in client.get(address, {"at_least": "abc"}).content.decode()

    def test_account_and_limit_are_computed_by_what_is_entered(self, client):
        address = reverse("simulation:account")
        # As `rules/test_accounts.py` says; on 6,000 and 1.4 %: 12 × (120 + 84) = 2,448, 12 × 120 + 2,000 = 3,440.
        assert "+1,004.00" in client.get(address).content.decode()
        assert "+992.00" in client.get(address, {"base": "6000", "former_rate": "1.4"}).content.decode()
        wrong = client.get(address, {"former_rate": "两个点"}).content.decode()
        assert "“两个点”不是比例" in wrong
        assert "怎样得来" not in wrong

    def test_others_do_not_enter(self, client, officer):
        simulation = simulations.start(
            scenario=a_scenario(officer), snapshot=a_snapshot([a_row(1, 1, 100_000)]), by=officer
        )
        county = Client()
        county.force_login(people.a_clerk("finance-county", Duty.FINANCE))
        assert county.get(reverse("simulation:simulation", args=[simulation.pk])).status_code == 404
        other = Client()
        other.force_login(people.a_clerk("relief", Duty.RELIEF, area_code="510700"))
        assert other.get(reverse("simulation:simulations")).status_code == 403
