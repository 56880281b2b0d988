"""What differs between two laws, cell by cell; the cells were counted by a person."""

from __future__ import annotations

from datetime import date

from bureau.policy.rules import differing, packs, text_differences
from bureau.policy.rules.rulebook import Rulebook
from tests.factories.policy import RAISED, RAISED_FILE

OUTPATIENT = "mianyang-outpatient-2023.yaml"


def files(city: str = "mianyang") -> dict[str, str]:
    return packs.unbundle(packs.pack_bytes(city))[1]


def law(changed: dict[str, str]) -> Rulebook:
    return packs.load_bytes(packs.bundle("mianyang", changed))


def test_the_same_law_differs_in_nothing() -> None:
    for city in packs.cities():
        assert differing.changes(packs.load_city(city), packs.load_city(city)) == []


def test_a_modifier_shows_what_it_does_and_not_how_it_is_written() -> None:
    found = differing.changes(law(files()), law(files() | {RAISED_FILE: RAISED}))

    # Of one person, care and level: 3 relations × 2 filings × 2 signings × 3 chronic counts = 36 cells; unfiled care in
    # another province (1 × 1 × 2 × 3 = 6 of them) had ten points less.
    assert [(change.title, change.before, change.after, change.cells) for change in found] == [
        ("报销比例", "40%", "45%", 6),
        ("报销比例", "50%", "55%", 30),
    ]
    assert found[0].labels == "职工医保（在职）·普通门诊·三级·省外·未备案"
    assert found[1].labels == (
        "职工医保（在职）·普通门诊·三级·统筹区内、省内统筹区外；职工医保（在职）·普通门诊·三级·省外·已备案"
    )
    assert {change.days for change in found} == {"2023-06-01 起"}
    assert [row.document.id for row in found[1].grounds] == ["mianyang-outpatient-2023", "mianyang-outpatient-2023-06"]
    assert not found[1].is_assumed


def test_a_value_changed_in_place_is_one_change_from_its_first_day() -> None:
    changed = files()
    changed[OUTPATIENT] = changed[OUTPATIENT].replace("in_service: 200元, retired", "in_service: 300元, retired")

    (change,) = differing.changes(law(files()), law(changed))

    assert (change.title, change.labels) == ("起付标准", "职工医保（在职）·普通门诊、药店购药")
    assert (change.before, change.after, change.days) == ("200.00 元", "300.00 元", "2023-01-01 起")
    # Two cares × 4 levels × 36.
    assert change.cells == 288


def test_a_change_that_was_made_for_some_time_names_its_end() -> None:
    ended = RAISED.replace("until: null", "until: 2023-09-01")
    found = differing.changes(law(files()), law(files() | {RAISED_FILE: ended}))
    assert {(change.valid_from, change.valid_until, change.days) for change in found} == {
        (date(2023, 6, 1), date(2023, 9, 1), "2023-06-01 至 2023-08-31")
    }


def test_a_rule_that_no_calculation_reads_is_seen_too() -> None:
    changed = files()
    name = next(name for name, text in changed.items() if "settlement.quality_deposit_rate" in text)
    line = next(line for line in changed[name].splitlines() if "settlement.quality_deposit_rate" in line)
    changed[name] = changed[name].replace(line, line.replace("5%", "8%"))

    (change,) = differing.changes(law(files()), law(changed))

    assert (change.title, change.before, change.after, change.is_assumed) == ("质量保证金比例", "5%", "8%", True)


def test_bands_pools_and_coverage_are_compared_by_what_they_mean() -> None:
    found = differing.changes(packs.load_city("changchun"), packs.load_city("changchun", drafts=True))
    said = {(change.title, change.before, change.after) for change in found}

    assert ("是否保障", "否", "是") in said
    assert ("起付标准累计池", "每次单独计算", "全年合并累计（outpatient_deductible）") in said
    # The draft raises the limits of chronic care by 1,000, and marks every number as assumed.
    assert {("年度限额", "3,000.00 元", "4,000.00 元"), ("年度限额", "4,500.00 元", "5,500.00 元")} <= said
    assert all(change.is_assumed for change in found)


def test_bands_that_change_show_both_scales() -> None:
    changed = files()
    name = next(name for name, text in changed.items() if "major_illness.bands" in text)
    changed[name] = changed[name].replace("{to: 10万元, ratio: 65%}", "{to: 10万元, ratio: 66%}")

    found = differing.changes(law(files()), law(changed))

    assert {change.title for change in found} == {"大病分段比例"}
    # The document says 60, 65, 70 %; the poor get five points more of each.
    assert [(change.labels, change.before, change.after) for change in found] == [
        (
            "低保边缘、因病致贫、其他困难、无",
            "至 50,000.00 元 60%；至 100,000.00 元 65%；以上 70%",
            "至 50,000.00 元 60%；至 100,000.00 元 66%；以上 70%",
        ),
        (
            "特困人员、低保对象",
            "至 50,000.00 元 65%；至 100,000.00 元 70%；以上 75%",
            "至 50,000.00 元 65%；至 100,000.00 元 71%；以上 75%",
        ),
    ]


def test_without_a_former_law_everything_is_new() -> None:
    found = differing.changes(None, law(files()))
    assert {change.before for change in found} == {"—"}
    assert len({change.key for change in found}) == len(found) > 100


def test_documents_and_clauses_that_differ_are_named_with_their_lines() -> None:
    changed = files() | {RAISED_FILE: RAISED}
    changed[OUTPATIENT] = changed[OUTPATIENT].replace("says: 在职两千元", "says: 在职职工两千元")

    other, one = text_differences.file_changes(files(), changed)

    assert (other.name, other.kind, other.clauses) == (
        RAISED_FILE,
        "新增",
        ("新增 第一条：在职职工三级医疗机构门诊报销比例提高五个点",),
    )
    assert (one.name, one.kind, one.clauses) == (
        OUTPATIENT,
        "改动",
        ("改动 访谈·支付限额：在职职工两千元，退休两千五百元",),
    )
    assert [(line.kind, line.text.strip()) for line in one.lines if line.kind in ("added", "removed")] == [
        ("removed", "says: 在职两千元，退休两千五百元"),
        ("added", "says: 在职职工两千元，退休两千五百元"),
    ]
