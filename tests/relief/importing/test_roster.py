"""Roster files as offices send them, and the four samples with their answers."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import id_check_character
from bureau.kernel.periods import Month
from bureau.kernel.terms import ReliefCategory
from relief.importing import roster
from relief.importing.roster import RosterFile
from relief.rules.roster import Comparison, RosterRow, Standing, compare, mark_duplicates
from relief.terms import RosterSource

SAMPLES = Path(__file__).parents[2] / "data" / "rosters"
ANSWERS = json.loads((SAMPLES / "answers.json").read_text("utf-8"))
APRIL, MAY = Month(2023, 4), Month(2023, 5)
GOOD = {"id_number": "330122198803051239", "name": "张三", "category": "低保"}


def sample(name: str, month: Month = MAY, source: RosterSource = RosterSource.CIVIL_AFFAIRS) -> RosterFile:
    return roster.read_file((SAMPLES / name).read_bytes(), source=source, month=month)


def april_then_may() -> Comparison:
    standing = [
        Standing(row.id_number, row.name, row.categories, row.town, row.phone)
        for row in sample("2023-04-civil-affairs.xlsx", APRIL).rows
    ]
    return compare(sample("2023-05-civil-affairs.xlsx").rows, standing)


def read(source: RosterSource = RosterSource.CIVIL_AFFAIRS, **raw: str) -> RosterRow:
    return roster.read_row(2, {**GOOD, **raw}, source=source, month=MAY)


def csv(*lines: str) -> RosterFile:
    return roster.read_file("\n".join(lines).encode(), source=RosterSource.CIVIL_AFFAIRS, month=MAY)


# The samples


def test_the_first_month_is_new_from_end_to_end() -> None:
    counts = compare(sample("2023-04-civil-affairs.xlsx", APRIL).rows, []).counts
    assert counts | ANSWERS["2023-04-civil-affairs.xlsx"] == counts
    assert counts["warnings"] == 0


def test_the_second_month_gives_the_answers() -> None:
    comparison = april_then_may()
    answers = dict(ANSWERS["2023-05-civil-affairs.xlsx"])
    assert comparison.counts["warnings"] >= answers.pop("warnings_at_least")
    assert comparison.counts | answers == comparison.counts
    assert not comparison.shrinks


def test_the_second_month_names_every_error_on_its_line() -> None:
    verdicts = april_then_may().verdicts
    assert {judged.row.line: judged.row.error for judged in verdicts if judged.row.error} == {
        9: "conflicting_duplicate",
        17: "date_invalid",
        31: "id_length",
        62: "category_unknown",
        80: "name_missing",
        105: "id_numeric_cell",
        109: "id_checksum",
        155: "id_missing",
        175: "category_missing",
        209: "duplicate_in_file",
        210: "conflicting_duplicate",
    }
    assert {
        judged.row.line: [code for code, _ in judged.row.warnings] for judged in verdicts if judged.row.warnings
    } == {
        90: ["name_repaired"],
        93: ["id_repaired"],
        179: ["id_repaired"],
    }


def test_the_four_unreadable_rows_hold_the_four_people_whom_they_mean() -> None:
    assert {(held.line, held.standing.id_number) for held in april_then_may().held} == {
        (31, "510704197212161494"),
        (105, "510704195105106853"),
        (109, "510704200207270025"),
        (155, "510704200501278239"),
    }


def test_correcting_the_unreadable_rows_lets_their_people_go_on() -> None:
    rows = {row.line: row for row in sample("2023-05-civil-affairs.xlsx").rows}
    for line, number in ((31, "510704197212161494"), (105, "510704195105106853"), (155, "510704200501278239")):
        rows[line] = roster.correct_row(rows[line], source=RosterSource.CIVIL_AFFAIRS, month=MAY, id_number=number)
    rows[62] = roster.correct_row(rows[62], source=RosterSource.CIVIL_AFFAIRS, month=MAY, category="destitute")
    standing = [
        Standing(row.id_number, row.name, row.categories, row.town, row.phone)
        for row in sample("2023-04-civil-affairs.xlsx", APRIL).rows
    ]
    counts = compare(mark_duplicates(list(rows.values()), set_aside={9}), standing).counts
    # Four corrected, one conflict resolved by setting the other row aside; line 9 loses its error with it.
    assert (counts["errors"], counts["held"], counts["exited"]) == (5, 1, 7)


def test_the_federations_certificates_give_id_level_and_category() -> None:
    rows = sample("2023-05-disabled-federation.csv", source=RosterSource.DISABLED_FEDERATION).rows
    answers = ANSWERS["2023-05-disabled-federation.csv"]
    counts = compare(rows, []).counts
    assert (counts["rows"], counts["new"], counts["errors"]) == (answers["rows"], answers["new"], answers["errors"])
    assert sum(row.disability_level in (1, 2) for row in rows) == answers["levels_1_and_2"]
    assert {row.category for row in rows} == {ReliefCategory.OTHER}
    assert (rows[0].id_number, rows[0].disability_level) == ("510704197906028639", 1)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("2023-05-empty.xlsx", "sheets.empty"),
        ("2023-05-not-a-workbook.xlsx", "sheets.column_missing"),
        ("2023-05-household-rows.xlsx", "relief.household_rows"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(name: str, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        sample(name)
    assert refusal.value.code == code


# Files


def test_lines_below_the_list_are_no_data() -> None:
    rows = csv(
        "姓名,身份证号,救助类别",
        "张三,330122198803051239,低保",
        ",,",
        "合计,,1 人",
        " 总 计：1,,",
        "填报单位：某局,,",
        "制表人：李四,,2023-05",
        "合计然,330127195507120461,低保",
        "王五,,低保",
    ).rows
    assert [(row.line, row.error) for row in rows] == [(2, ""), (8, ""), (9, "id_missing")]


def test_lines_with_nothing_but_a_prepared_serial_number_are_no_data() -> None:
    assert [row.line for row in csv("序号,姓名,身份证号,救助类别", "1,张三,330122198803051239,低保", "2,,,").rows] == [
        2
    ]


def test_a_list_of_nothing_but_totals_is_refused() -> None:
    with pytest.raises(BusinessError, match="空名单不会使任何人退出"):
        csv("姓名,身份证号,救助类别", "合计,,0")


@pytest.mark.parametrize("header", ["身份证号码", "公民身份号码", "证件号码", "身份证", "身 份 证 号"])
def test_headers_go_by_many_names(header: str) -> None:
    rows = csv(
        f"姓名,{header},医疗救助身份,镇（街）,村(社区),纳入时间,电话",
        "张三,330122198803051239,低保,甲镇,乙村,2022-10,13812341234",
    ).rows
    assert (rows[0].town, rows[0].village, rows[0].granted_on, rows[0].phone, rows[0].error) == (
        "甲镇",
        "乙村",
        date(2022, 10, 1),
        "13812341234",
        "",
    )


def test_a_number_in_the_id_column_is_an_error_even_with_a_right_check_digit() -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "救助类别", "联系电话"])
    book.active.append(["王五", 510704196310050216, "低保", 13812341234])
    buffer = io.BytesIO()
    book.save(buffer)
    row = roster.read_file(buffer.getvalue(), source=RosterSource.CIVIL_AFFAIRS, month=MAY).rows[0]
    assert (row.error, row.id_number, row.phone) == ("id_numeric_cell", "", "13812341234")
    again = roster.correct_row(row, source=RosterSource.CIVIL_AFFAIRS, month=MAY, name="王武")
    assert (again.error, again.name) == ("id_numeric_cell", "王武")
    fixed = roster.correct_row(row, source=RosterSource.CIVIL_AFFAIRS, month=MAY, id_number="510704196310050216")
    assert (fixed.error, fixed.id_number) == ("", "510704196310050216")


# Rows


def test_a_good_row_is_read_in_full() -> None:
    row = read(category="低保、残疾", town=" 甲 镇", village="一社区", phone="138-1234-1234", granted_on="2022/7/1")
    assert (row.id_number, row.name, row.error, row.warnings) == ("330122198803051239", "张三", "", ())
    assert row.categories == (ReliefCategory.SUBSISTENCE, ReliefCategory.OTHER)
    assert (row.category, row.town, row.phone, row.granted_on) == (
        ReliefCategory.SUBSISTENCE,
        "甲镇",
        "13812341234",
        date(2022, 7, 1),
    )
    assert row.raw["town"] == " 甲 镇"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("", "id_missing"),
        (" \u200b ", "id_missing"),
        ("33012219880305123", "id_length"),
        ("3301221988030512391", "id_length"),
        ("33012219880305123945", "id_length"),
        ("330122198803051238", "id_checksum"),
        ("33O122198803051239", "id_checksum"),
        ("33012219880305123842", "id_checksum"),
    ],
)
def test_an_unreadable_id_is_told_apart_and_never_kept(number: str, error: str) -> None:
    row = read(id_number=number)
    assert (row.error, row.id_number, row.raw["id_number"]) == (error, "", number)


@pytest.mark.parametrize(
    ("first_17", "error"),
    [("33012219880230123", "id_birthdate"), ("51070420230601001", "id_birthdate"), ("00070419631005021", "id_region")],
)
def test_an_id_with_a_right_check_digit_may_still_be_nobodys(first_17: str, error: str) -> None:
    assert read(id_number=first_17 + id_check_character(first_17)).error == error


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("330122880305123", ["id_15_converted"]),
        ("'330122 880305123", ["id_repaired", "id_15_converted"]),
        ("３３０１２２１９８８０３０５１２３９", ["id_repaired"]),
    ],
)
def test_what_was_repaired_is_told(number: str, codes: list[str]) -> None:
    row = read(id_number=number)
    assert (row.id_number, row.error, [code for code, _ in row.warnings]) == ("330122198803051239", "", codes)


def test_of_several_errors_the_gravest_is_told() -> None:
    assert read(id_number="", name="", category="", granted_on="x").error == "id_missing"
    assert read(name="", category="", granted_on="x").error == "category_missing"
    assert read(name="", granted_on="x").error == "name_missing"
    assert read(granted_on="x").error == "date_invalid"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("特困供养人员", ["destitute"]),
        ("低收入农户", ["other"]),
        ("残疾，低保；特困人员", ["destitute", "subsistence", "other"]),
        ("低保/残疾", ["subsistence", "other"]),
        ("低保\n残疾", ["subsistence", "other"]),
        ("低保 残疾", ["subsistence", "other"]),
        ("低保、城市低保", ["subsistence"]),
        ("低 保 边 缘", ["marginal"]),
        ("低保（一类）", ["subsistence"]),
        ("、低边、", ["marginal"]),
        ("illness_poor", ["illness_poor"]),
    ],
)
def test_category_words_become_identities_with_the_highest_first(text: str, found: list[str]) -> None:
    assert list(roster.read_categories(text)) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "category_missing"),
        (" 、", "category_missing"),
        ("五保加急", "category_unknown"),
        ("低保、五保", "category_unknown"),
        ("none", "category_unknown"),
        ("无", "category_unknown"),
    ],
)
def test_a_category_that_nobody_knows_is_an_error(text: str, code: str) -> None:
    assert read(category=text).error == code


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-01",
        "2023/5/1",
        "2023.05.01",
        "2023年5月1日",
        "20230501",
        "2023-05-01 00:00:00",
        "２０２３-05-01",
        "2023-05",
        "2023年5月",
        "202305",
    ],
)
def test_days_are_read_in_the_ways_offices_write_them(text: str) -> None:
    assert read(granted_on=text).granted_on == date(2023, 5, 1)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2023-02-30", "date_invalid"),
        ("2023-13-01", "date_invalid"),
        ("45047", "date_invalid"),
        ("二〇二三年", "date_invalid"),
        ("0000-01-01", "date_invalid"),
        ("2023-06-01", "date_order"),
        ("1988-03-04", "date_order"),
    ],
)
def test_a_day_that_cannot_be_is_an_error(text: str, error: str) -> None:
    row = read(granted_on=text)
    assert (row.error, row.granted_on) == (error, None)


def test_the_last_day_of_the_month_and_the_day_of_birth_are_possible() -> None:
    assert read(granted_on="2023-05-31").error == read(granted_on="1988-03-05").error == ""


@pytest.mark.parametrize(
    ("text", "phone", "warned"),
    [
        ("13812341234", "13812341234", False),
        ("+86 138 1234 1234", "13812341234", False),
        ("0816-2345678", "08162345678", False),
        ("13812341234、13912341234", "13812341234", False),
        ("", "", False),
        ("1381234", "", True),
        ("无", "", True),
    ],
)
def test_a_phone_that_is_none_is_only_a_warning(text: str, phone: str, warned: bool) -> None:
    row = read(phone=text)
    assert (row.phone, row.error, bool(row.warnings)) == (phone, "", warned)


def test_a_certificate_in_any_list_gives_the_id() -> None:
    row = read(id_number="33012219880305123942")
    assert (row.id_number, row.disability_kind, row.disability_level, row.error) == ("330122198803051239", "4", 2, "")


@given(
    st.dictionaries(
        st.sampled_from(["id_number", "name", "category", "town", "village", "phone", "granted_on"]), st.text()
    )
)
def test_any_text_is_read_or_in_error_but_never_crashes(raw: dict[str, str]) -> None:
    row = roster.read_row(2, raw, source=RosterSource.CIVIL_AFFAIRS, month=MAY)
    assert row.error or (row.id_number and row.name and row.categories)
    assert len(row.message) <= 300
    assert len(row.name) <= 60
    assert max(len(row.town), len(row.village)) <= 40
