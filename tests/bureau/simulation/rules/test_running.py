"""Two laws over a snapshot: amounts worked by hand, parts that add up to the fen, one result at both speeds."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs
from bureau.simulation.rules import compiled, report, running, scenarios, shown, snapshots
from bureau.simulation.rules.running import Law, Plan, Sums
from tests.factories.simulation import a_row

MIANYANG = packs.load_city("mianyang")
HANGZHOU = packs.load_city("hangzhou")


def plan_of(tmp_path: Path, rows, before: Law, after: Law) -> Plan:
    path = tmp_path / "claims.parquet"
    snapshots.write(path, rows)
    return Plan(path, before, after)


def reported(plan: Plan) -> dict:
    return report.report(plan, plan.run(range(plan.groups), compiled.PLAIN))


def many_rows(people: int):
    """A year of every kind of claim, from one seed."""
    chance = random.Random(7)
    for person in range(1, people + 1):
        scheme = chance.choice(["employee", "resident"])
        relief = chance.choice(["none", "none", "destitute", "subsistence", "illness_poor"])
        for sequence in range(1, chance.randint(2, 6)):
            yield a_row(
                person,
                sequence,
                chance.randint(0, 20_000_000),
                day=f"2022-{chance.randint(1, 12):02d}-11",
                scheme=scheme,
                relief=relief,
                care=chance.choice(["outpatient", "pharmacy", "chronic", "dialysis", "inpatient", "maternity_natural"]),
                level=chance.choice(["primary", "secondary", "tertiary"]),
                insured=chance.choice(["510704", "510781"]),
                where=chance.choice(["510704", "510100", "440100"]),
                filing=chance.choice(["yes", "no"]),
                excluded=chance.randint(0, 9_999),
            )


class TestWorkedCases:
    def test_hz_21_the_prepayment_of_jiande_is_gone_in_2022(self, tmp_path):
        # 10,800 at a tertiary hospital of the city, not filed. 2021: prepay 1,080; (9,720 − 800) × 70 % = 6,244.
        # By the law of 2022: (10,800 − 800) × 70 % = 7,000. The person bears 4,556 and 3,800: 756 less.
        rows = [
            a_row(1, 1, 1_080_000, day="2021-12-31", scheme="resident", insured="330182", where="330102"),
        ]
        found = reported(plan_of(tmp_path, rows, Law(HANGZHOU), Law(HANGZHOU, 2022)))

        whole = found["whole"]
        assert (whole["before"]["prepay"], whole["before"]["pooled"], whole["before"]["burden"]) == (
            108_000,
            624_400,
            455_600,
        )
        assert (whole["after"]["prepay"], whole["after"]["pooled"], whole["after"]["burden"]) == (0, 700_000, 380_000)
        assert (whole["persons_gaining"], whole["person_gains"], whole["persons_losing"]) == (1, 75_600, 0)
        assert [line["label"] for line in found["dimensions"]["county"]] == ["建德市"]
        prepaid = [line for line in found["clauses"]["before"] if line["part"] == "prepay"]
        assert [(line["amount"], line["parameters"]) for line in prepaid] == [(108_000, ["care.prepayment"])]

    def test_mianyang_outpatient_pooling(self, tmp_path):
        # Employees in service, tertiary: 2022 nothing; 2023 (1,000 − 200) × 50 % = 400.
        rows = [a_row(1, 1, 100_000, care="outpatient")]
        found = reported(plan_of(tmp_path, rows, Law(MIANYANG), Law(MIANYANG, 2023)))

        assert found["whole"]["before"]["uncovered"] == 100_000
        after = found["whole"]["after"]
        assert (after["deductible"], after["share"], after["pooled"]) == (20_000, 40_000, 40_000)
        assert shown.benefits(found["whole"]).change == 40_000

    def test_major_illness_and_relief_are_taken_back_from_the_share_first(self, tmp_path):
        # Subsistence, resident, tertiary, 100,000: deductible 800; 99,200 × 60 % = 59,520 pooled; share 39,680.
        # S = 40,480; major above 7,500: 32,980 × 65 % = 21,437. Relief (40,480 − 21,437) × 70 % = 13,330.10.
        # Taken back 34,767.10 of the share: 4,912.90 stays, and the deductible of 800: burden 5,712.90.
        rows = [a_row(1, 1, 10_000_000, scheme="resident", relief="subsistence")]
        found = reported(plan_of(tmp_path, rows, Law(MIANYANG), Law(MIANYANG, 2023)))

        assert found["whole"]["before"] == {
            "uncovered": 0,
            "prepay": 0,
            "deductible": 80_000,
            "share": 491_290,
            "above_limit": 0,
            "above_cap": 0,
            "pooled": 5_952_000,
            "major": 2_143_700,
            "assistance": 1_333_010,
            "burden": 571_290,
        }


class TestSums:
    @pytest.fixture
    def plan(self, tmp_path):
        return plan_of(tmp_path / "many", many_rows(900), Law(MIANYANG), Law(MIANYANG, 2023))

    def test_parts_and_clauses_add_up_to_what_is_eligible_in_every_group(self, plan):
        found = reported(plan)
        groups = [found["whole"], *(line for lines in found["dimensions"].values() for line in lines)]
        assert len(groups) == 1 + 2 + 2 + 6 + 3 + 4
        for line in groups:
            for side in ("before", "after"):
                assert (
                    sum(pair.before if side == "before" else pair.after for pair in shown.parts(line))
                    == (line["eligible"])
                )
                paid = sum(line[side][part] for part in ("pooled", "major", "assistance", "burden"))
                assert paid == line["total"]
        for line in found["dimensions"]["scheme"]:
            for side in ("before", "after"):
                for part in report.PARTS:
                    clauses = [
                        clause["amount"]
                        for clause in found["clauses"][side]
                        if (clause["scheme"], clause["part"]) == (line["code"], part)
                    ]
                    assert sum(clauses) == line[side][part]
        assert all(line["places"] for side in ("before", "after") for line in found["clauses"][side] if line["amount"])
        gained = found["whole"]["person_gains"] - found["whole"]["person_losses"]
        assert gained == shown.benefits(found["whole"]).change == sum(line["amount"] for line in found["classes"])
        assert sum(line["persons"] for line in found["classes"]) == 900

    def test_both_speeds_and_any_cut_into_steps_give_one_digest(self, plan, tmp_path, monkeypatch):
        monkeypatch.setattr(snapshots, "GROUP", 100)
        cut = plan_of(tmp_path, many_rows(900), *plan.laws)
        assert cut.groups > 20
        fast = compiled.functions(tmp_path)
        assert fast.kernel is not None

        whole = cut.nothing()
        for first in range(0, cut.groups, 3):
            sums = cut.run(range(first, min(first + 3, cut.groups)), fast)
            whole.add(Sums.from_bytes(sums.to_bytes()))

        assert report.digest(report.report(cut, whole)) == report.digest(reported(plan))

    def test_every_class_of_change_has_its_edge(self):
        assert running.CLASSES == len(report.class_labels()) == 11


class TestSnapshot:
    def test_the_content_has_one_hash_whatever_the_keys_of_people(self, tmp_path):
        rows = list(many_rows(50))
        one = snapshots.write(tmp_path / "a", rows)
        other = snapshots.write(tmp_path / "b", [row._replace(person=row.person + 7_000) for row in rows])
        third = snapshots.write(tmp_path / "c", [rows[0]._replace(total=rows[0].total + 1), *rows[1:]])

        assert one.sha256 == other.sha256 != third.sha256
        assert (one.claims, one.persons) == (len(rows), 50)

    def test_repeated_claims_are_other_people(self, tmp_path):
        rows = [a_row(4, 1, 100_00), a_row(4, 2, 100_00), a_row(9, 1, 100_00)]
        written = snapshots.write(tmp_path / "a", rows, repeat=3)
        read = snapshots.Snapshot(tmp_path / "a")

        assert (written.claims, written.persons) == (9, 6)
        assert [read.block(at).person.tolist() for at in range(read.groups)] == [[4, 4, 9], [14, 14, 19], [24, 24, 29]]

    def test_a_file_that_is_gone_is_named(self, tmp_path):
        with pytest.raises(BusinessError, match="重新生成快照"):
            snapshots.Snapshot(tmp_path / "nothing")

    def test_claims_before_the_law_are_refused(self, tmp_path):
        path = tmp_path / "old.parquet"
        snapshots.write(path, [a_row(1, 1, 100, day="2020-05-01")])
        with pytest.raises(BusinessError, match="按哪一年"):
            Plan(path, Law(MIANYANG), Law(MIANYANG, 2023))


class TestScenario:
    BLOB = packs.pack_bytes("mianyang")
    DAY = date(2023, 1, 1)

    def field(self, name: str, *words: str):
        found = [one for one in scenarios.fields(MIANYANG, self.DAY, " ".join(words)) if one.row.name == name]
        assert found
        return found[0]

    def test_a_new_value_becomes_a_modifier_and_moves_the_amount(self, tmp_path):
        # (1,000 − 200) × 50 % = 400; with 60 %: 480.
        ratio = self.field("outpatient.ratio", "职工", "三级", "在职")
        composed = scenarios.compose(self.BLOB, MIANYANG, {ratio.name: "60%"}, self.DAY, "试")
        assert [change.value for change in composed.changes] == ["+10点"]

        law = packs.load_bytes(composed.content)
        rows = [a_row(1, 1, 100_000, care="outpatient", day="2023-02-01")]
        found = reported(plan_of(tmp_path, rows, Law(MIANYANG), Law(law)))
        assert (found["whole"]["before"]["pooled"], found["whole"]["after"]["pooled"]) == (40_000, 48_000)
        cited = [line for line in found["clauses"]["after"] if line["part"] == "pooled"]
        assert cited[0]["parameters"] == ["outpatient.ratio", "scenario.c1"]
        assert report.worse_off(found) == []

    def test_a_worse_deductible_names_the_groups_that_lose(self, tmp_path):
        deductible = self.field("outpatient.deductible", "在职")
        composed = scenarios.compose(self.BLOB, MIANYANG, {deductible.name: "300元"}, self.DAY, "试")
        rows = [a_row(31, 1, 100_000, care="outpatient", day="2023-02-01")]
        found = reported(plan_of(tmp_path, rows, Law(MIANYANG), Law(packs.load_bytes(composed.content))))
        # 100 more of deductible at 50 %: 50 less.
        assert found["losers"] == [[31, 5_000]]
        assert report.worse_off(found)[0] == ("whole", "合计", 5_000)

    @pytest.mark.parametrize("typed", ["六成", "60元", "+5%", "50%"])
    def test_what_cannot_be_read_stands_at_its_field(self, typed):
        ratio = self.field("outpatient.ratio", "职工", "三级", "在职")
        composed = scenarios.compose(self.BLOB, MIANYANG, {ratio.name: typed}, self.DAY, "试")
        assert list(composed.faults) == [ratio.name]
        assert composed.content == b""


def test_months_of_reserve():
    # 240.00 kept, 120.00 spent in 12 months: 10.00 a month, so 24 months; 100.00 spent: 28.8.
    funds = [{"code": "employee_pool", "label": "职工统筹基金", "before": 12_000, "after": 10_000}]
    line = shown.reserves(funds, {"employee_pool": 24_000}, 12)[0]
    assert (line.months_before, line.months_after) == ("24.0", "28.8")
