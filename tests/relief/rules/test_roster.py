"""A list against the standing list: who is new, changed, gone, or held because a row plainly means them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel.terms import ReliefCategory
from relief.rules.roster import RosterRow, Standing, compare, mark_duplicates
from relief.terms import RosterIssue, Verdict

DESTITUTE, SUBSISTENCE, MARGINAL, OTHER = (
    ReliefCategory.DESTITUTE,
    ReliefCategory.SUBSISTENCE,
    ReliefCategory.MARGINAL,
    ReliefCategory.OTHER,
)
ZHANG = Standing("330122198803051239", "张三", (SUBSISTENCE,), "甲镇", "13800000001")
LI = Standing("330127195507120461", "李四", (MARGINAL, OTHER), "乙镇", "13800000002")


def row(line: int, person: Standing = ZHANG, **other: object) -> RosterRow:
    fields = {
        "id_number": person.id_number,
        "name": person.name,
        "categories": person.categories,
        "town": person.town,
        "phone": person.phone,
    }
    return RosterRow(line=line, **{**fields, **other})  # type: ignore[arg-type]


def unreadable(line: int, person: Standing = ZHANG, **other: object) -> RosterRow:
    return replace(row(line, person, **other), id_number="", error=RosterIssue.ID_CHECKSUM.value)


def test_every_row_gets_its_verdict_and_the_absent_exit() -> None:
    wang = RosterRow(4, "510704196310050216", "王五", (DESTITUTE,))
    chen = Standing("220102197601013335", "陈七", (OTHER,))
    comparison = compare([row(2), row(3, LI, categories=(SUBSISTENCE,)), wang], [ZHANG, LI, chen])
    assert [judged.verdict for judged in comparison.verdicts] == [Verdict.UNCHANGED, Verdict.CHANGED, Verdict.NEW]
    assert comparison.exits == (chen,)
    assert comparison.counts == {
        "rows": 3,
        "new": 1,
        "changed": 1,
        "exited": 1,
        "unchanged": 1,
        "held": 0,
        "errors": 0,
        "warnings": 0,
    }
    changed = comparison.verdicts[1]
    assert (changed.begins, changed.ends) == ((SUBSISTENCE,), (MARGINAL, OTHER))


def test_a_lesser_identity_that_comes_or_goes_leaves_the_verdict_unchanged() -> None:
    gained = compare([row(2, categories=(SUBSISTENCE, OTHER))], [ZHANG]).verdicts[0]
    lost = compare([row(2, LI, categories=(MARGINAL,))], [LI]).verdicts[0]
    assert (gained.verdict, gained.begins, gained.ends) == (Verdict.UNCHANGED, (OTHER,), ())
    assert (lost.verdict, lost.begins, lost.ends) == (Verdict.UNCHANGED, (), (OTHER,))


@pytest.mark.parametrize(
    ("other", "held"),
    [
        ({}, True),
        ({"town": "丙镇"}, True),
        ({"phone": "13900000000"}, True),
        ({"town": "丙镇", "phone": "13900000000"}, False),
        ({"town": "", "phone": ""}, False),
        ({"name": "张山"}, False),
        ({"name": ""}, False),
    ],
)
def test_a_person_is_held_by_name_and_phone_or_name_and_town(other: dict[str, str], held: bool) -> None:
    comparison = compare([unreadable(7, **other), row(8, LI)], [ZHANG, LI])
    assert [(one.standing, one.line) for one in comparison.held] == ([(ZHANG, 7)] if held else [])
    assert comparison.exits == (() if held else (ZHANG,))


def test_nothing_in_common_but_blanks_holds_nobody() -> None:
    bare = replace(ZHANG, town="", phone="")
    assert compare([unreadable(7, bare)], [bare]).exits == (bare,)


def test_a_readable_id_is_never_absent_whatever_else_is_wrong_with_the_row() -> None:
    wrong = row(2).failing(RosterIssue.CATEGORY_UNKNOWN, "不认识")
    comparison = compare([wrong], [ZHANG])
    assert (comparison.exits, comparison.held) == ((), ())
    assert comparison.verdicts[0].verdict is Verdict.ERROR


def test_another_name_under_a_standing_id_is_an_error() -> None:
    judged = compare([row(2, name="张珊")], [ZHANG]).verdicts[0]
    assert (judged.verdict, judged.row.error) == (Verdict.ERROR, "name_mismatch")
    assert judged.row.message == "在册的姓名是张三，本行是张珊，请核实身份证号与姓名。"


def test_more_than_five_percent_of_the_list_ending_asks_for_a_word() -> None:
    people = [replace(ZHANG, id_number=f"{number:018d}") for number in range(200)]
    rows = [row(line, person) for line, person in enumerate(people)]
    assert not compare(rows[10:], people).shrinks
    assert compare(rows[11:], people).shrinks
    assert not compare(rows, []).shrinks


def test_the_same_row_twice_leaves_the_first_one_standing() -> None:
    rows = mark_duplicates([row(2), row(3, LI), row(4, town="别处"), row(5)])
    assert [one.error for one in rows] == ["", "", "duplicate_in_file", "duplicate_in_file"]
    assert rows[3].message == "与第 2 行是同一个人，请把本行移出本批。"


@pytest.mark.parametrize(
    "other", [{"categories": (DESTITUTE,)}, {"name": "张珊"}, {"categories": (SUBSISTENCE, OTHER)}]
)
def test_rows_that_contradict_each_other_are_all_in_error(other: dict[str, object]) -> None:
    rows = mark_duplicates([row(2), row(3, **other), row(4)])
    assert [one.error for one in rows] == ["conflicting_duplicate"] * 3
    assert rows[0].message.startswith("第 2、3、4 行是同一身份证号而姓名或类别不同")


def test_setting_one_of_two_contradicting_rows_aside_frees_the_other() -> None:
    rows = mark_duplicates([row(2), row(3, categories=(DESTITUTE,))])
    assert [one.error for one in mark_duplicates(rows, set_aside={2})] == ["", ""]
    assert [one.error for one in mark_duplicates(rows)] == ["conflicting_duplicate"] * 2


def test_rows_already_in_error_contradict_nobody() -> None:
    broken = row(3, categories=()).failing(RosterIssue.CATEGORY_MISSING, "没有")
    assert [one.error for one in mark_duplicates([row(2), broken])] == ["", "category_missing"]


categories = st.lists(st.sampled_from([DESTITUTE, SUBSISTENCE, MARGINAL, OTHER]), min_size=1, unique=True).map(
    lambda found: tuple(sorted(found, key=lambda category: category.rank))
)
people = st.builds(
    Standing,
    st.integers(0, 12).map(str),
    st.sampled_from("甲乙"),
    categories,
    st.sampled_from(["", "东镇", "西镇"]),
    st.sampled_from(["", "1", "2"]),
)


@given(st.lists(people, max_size=8), st.lists(st.tuples(people, st.booleans()), max_size=8))
def test_the_comparison_says_what_the_words_of_the_decision_say(
    standing: list[Standing], file: list[tuple[Standing, bool]]
) -> None:
    standing = list({person.id_number: person for person in standing}.values())
    rows = [row(line, who) if readable else unreadable(line, who) for line, (who, readable) in enumerate(file, 2)]
    comparison = compare(rows, standing)
    absent = [person for person in standing if all(one.id_number != person.id_number for one in rows)]
    plainly = [
        person
        for person in absent
        if any(
            not one.id_number
            and one.name == person.name
            and ((one.phone and one.phone == person.phone) or (one.town and one.town == person.town))
            for one in rows
        )
    ]
    assert {one.standing for one in comparison.held} == set(plainly)
    assert set(comparison.exits) == set(absent) - set(plainly)
    counts = comparison.counts
    assert counts["new"] + counts["changed"] + counts["unchanged"] + counts["errors"] == counts["rows"] == len(rows)
    assert len(standing) == counts["exited"] + counts["held"] + len(
        {one.id_number for one in rows} & {one.id_number for one in standing}
    )


def test_twenty_thousand_rows_are_compared_at_once() -> None:
    standing = [replace(ZHANG, id_number=f"{number:018d}") for number in range(20_000)]
    rows = [row(line, person) for line, person in enumerate(standing[100:])]
    comparison = compare(mark_duplicates(rows), standing)
    assert comparison.counts["exited"] == 100
    assert comparison.counts["unchanged"] == 19_900
