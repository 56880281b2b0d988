"""Foreign files: read by content, with line numbers, or refused in a sentence."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel import sheets
from bureau.kernel.errors import BusinessError
from bureau.kernel.sheets import Cell, Column, Sheet, limits

COLUMNS = (
    Column("id", ("身份证号", "身份证号码", "证件号码"), required=True),
    Column("name", ("姓名",), required=True),
    Column("town", ("乡镇街道", "镇(街)")),
    Column("day", ("认定日期",)),
)
HEADER = ["姓名", "身份证号"]


def workbook(*lines: Sequence[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    return book


def xlsx(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> Sheet:
    return sheets.read_sheet(content, COLUMNS)


def refusal(content: bytes) -> BusinessError:
    with pytest.raises(BusinessError) as caught:
        read(content)
    return caught.value


def repacked(content: bytes, path: str, change: tuple[bytes, bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The workbook with one part of it altered by hand, and more parts added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            part = source.read(member)
            if member.filename == path:
                assert change[0] in part
                part = part.replace(*change)
            target.writestr(member.filename, part)
        for name, part in (more or {}).items():
            target.writestr(name, part)
    return buffer.getvalue()


# Workbooks


def test_finds_the_header_below_titles_and_keeps_the_line_numbers() -> None:
    book = workbook(
        ["某区花名册"],
        ["填报单位:某局"],
        [],
        ["序号", *HEADER, "镇（街）"],
        [1, "张三", "a", "甲镇"],
        [],
        [3, "李四", "b"],
    )
    book.active.merge_cells("A1:D1")
    sheet = read(xlsx(book))
    assert sheet.header_line == 4
    assert sheet.columns == {"id": "身份证号", "name": "姓名", "town": "镇（街）"}
    assert [(row.line, row.text("name"), row.text("town"), row.first) for row in sheet.rows] == [
        (5, "张三", "甲镇", "1"),
        (7, "李四", "", "3"),
    ]
    assert sheet.unread == ("序号",)


def test_tells_numbers_from_text_and_spells_them_out() -> None:
    rows = read(xlsx(workbook(HEADER, ["甲", 510704195105106853], ["乙", "510704195105106853"], ["丙", 3.5]))).rows
    assert rows[0].cells["id"] == Cell("510704195105106880", is_number=True)
    assert rows[1].cells["id"] == Cell("510704195105106853")
    assert rows[2].cells["id"] == Cell("3.5", is_number=True)


def test_dates_become_iso_and_errors_become_blank() -> None:
    book = workbook(
        [*HEADER, "认定日期"],
        ["甲", "a", date(2023, 5, 1)],
        ["乙", "b", datetime.fromisoformat("2023-05-01T12:00")],
        ["丙", "c", "#REF!"],
    )
    book.active["C4"].data_type = "e"
    assert [row.text("day") for row in read(xlsx(book)).rows] == ["2023-05-01", "2023-05-01", ""]


def test_a_header_over_two_merged_lines_is_read_as_one() -> None:
    book = workbook(
        ["姓名", "证件", "", "认定信息"], ["", "证件号码", "镇(街)", "认定日期"], ["甲", "a", "甲镇", "2023-05-01"]
    )
    sheet = read(xlsx(book))
    assert (sheet.header_line, sorted(sheet.columns)) == (2, ["day", "id", "name", "town"])
    assert [row.text("name") for row in sheet.rows] == ["甲"]


def test_headers_may_carry_stars_spaces_and_remarks() -> None:
    sheet = read(xlsx(workbook(["* 姓 名：", "身份证号（必填）", "镇（街）"], ["甲", "a", "甲镇"])))
    assert sorted(sheet.columns) == ["id", "name", "town"]


def test_a_header_repeated_on_every_printed_page_is_no_data() -> None:
    assert [row.line for row in read(xlsx(workbook(HEADER, ["甲", "a"], HEADER, ["乙", "b"]))).rows] == [2, 4]


def test_the_alias_named_first_wins_and_the_other_is_reported() -> None:
    sheet = read(xlsx(workbook(["姓名", "证件号码", "身份证号"], ["甲", "x", "a"])))
    assert (sheet.columns["id"], sheet.rows[0].text("id"), sheet.unread) == ("身份证号", "a", ("证件号码",))


def test_the_sheet_with_the_header_is_found_and_the_others_are_named() -> None:
    book = workbook(["说明", "本表每月报送"])
    book.create_sheet("名单").append(HEADER)
    book["名单"].append(["甲", "a"])
    hidden = book.create_sheet("上月")
    hidden.append(HEADER)
    hidden.append(["乙", "b"])
    hidden.sheet_state = "hidden"
    sheet = read(xlsx(book))
    assert (sheet.name, [row.text("name") for row in sheet.rows]) == ("名单", ["甲"])
    assert sheet.skipped == ("Sheet", "上月")


def test_two_sheets_with_data_are_refused_rather_than_one_ignored() -> None:
    book = workbook(HEADER, ["甲", "a"])
    second = book.create_sheet("续表")
    second.append(HEADER)
    second.append(["乙", "b"])
    error = refusal(xlsx(book))
    assert error.code == "sheets.several"
    assert "Sheet、续表" in error.message


def test_formatted_blank_rows_to_the_end_of_the_sheet_do_no_harm() -> None:
    content = repacked(
        xlsx(workbook(HEADER, ["甲", "a"])),
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/><c r="A9" s="0"></c></row></sheetData>'),
    )
    assert [row.line for row in read(content).rows] == [2]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="XFD1048576" t="str"><v>x</v></c>', "sheets.too_large"),
        (b"<c t=\"str\" r = 'a300000'><v>x</v></c>", "sheets.too_large"),
        (b'<c t="str"><v>x</v></c>', "sheets.unreadable"),
        (b'<c s=">" r="XFD1048576" t="str"><v>x</v></c>', "sheets.unreadable"),
        (b'<c r="A99999999999999999999" t="str"><v>x</v></c>', "sheets.too_large"),
        (b'<c r="A3"><v>1</v></d>', "sheets.unreadable"),
    ],
)
def test_a_stray_cell_far_away_is_refused_before_memory_is_taken(cell: bytes, code: str) -> None:
    part = (b"</sheetData>", b'<row r="3">' + cell + b"</row></sheetData>")
    assert refusal(repacked(xlsx(workbook(HEADER, ["甲", "a"])), "xl/worksheets/sheet1.xml", part)).code == code


def test_what_unpacks_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = repacked(
        xlsx(workbook(HEADER, ["甲", "a"])),
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b" " * 3_000_000 + b"</sheetData>"),
    )
    assert len(content) < 20_000
    monkeypatch.setattr(limits, "MAX_UNPACKED", 2_000_000)
    assert refusal(content).code == "sheets.too_large"


def test_more_parts_than_any_workbook_has_are_refused_before_one_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {f"xl/media/{number}.bin": b"" for number in range(limits.MAX_MEMBERS)}
    content = repacked(xlsx(workbook(HEADER, ["甲", "a"])), "xl/workbook.xml", (b"", b""), more)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert refusal(content).code == "sheets.too_large"


LAUGHS = "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise("abcdefghij"))


@pytest.mark.parametrize(
    "declared",
    [
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY a SYSTEM 'http://127.0.0.1:1/'>",
        "<!ENTITY a '沂'>",
        f"<!ENTITY a '沂'>{LAUGHS}",
    ],
    ids=["file", "address", "text", "laughs"],
)
@pytest.mark.parametrize("entity", [b"&a;", b"&j;"])
def test_an_entity_of_a_workbook_is_never_resolved(declared: str, entity: bytes) -> None:
    """Neither files nor other machines are asked, and no text of the file's own making is put in."""
    sheet = "xl/worksheets/sheet1.xml"
    content = repacked(xlsx(workbook(HEADER, ["甲", "a"])), sheet, (b"<t>a</t>", b"<t>b" + entity + b"</t>"))
    content = repacked(content, sheet, (b"<worksheet", f"<!DOCTYPE x [{declared}]><worksheet".encode()))
    try:
        (row,) = read(content).rows
    except BusinessError as error:
        assert error.code == "sheets.unreadable"
    else:
        assert row.text("id") in ("b", f"b{entity.decode()}")


def test_a_text_shared_by_many_cells_is_read_unless_it_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = b'<row r="3">%s</row></sheetData>' % b"".join(
        b'<c r="%s3" t="s"><v>0</v></c>' % letter for letter in (b"A", b"B", b"C", b"D")
    )
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
    content = repacked(
        xlsx(workbook(HEADER, ["甲", "a"])),
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", shared),
        {"xl/sharedStrings.xml": strings.format("长" * 1_000).encode()},
    )
    assert read(content).rows[1].text("name") == "长" * 1_000
    # 3,000 bytes in each of eight filled cells.
    monkeypatch.setattr(limits, "MAX_TEXT", 8 * 3_000 - 1)
    assert "文字过长" in refusal(content).message


def test_an_old_or_locked_workbook_is_sent_back_with_advice() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "另存为 xlsx" in refusal(compound).message
    assert refusal(compound).code == "sheets.xls"
    assert refusal(compound + "EncryptedPackage".encode("utf-16-le")).code == "sheets.encrypted"


def test_a_damaged_or_foreign_package_is_refused() -> None:
    content = xlsx(workbook(HEADER, ["甲", "a"]))
    assert refusal(content[: len(content) // 2]).code == "sheets.unreadable"
    assert refusal(b"PK\x03\x04rubbish").code == "sheets.unreadable"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("读我.txt", "x")
    assert refusal(buffer.getvalue()).code == "sheets.not_a_workbook"


PACKAGE, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("五月.xlsx", PACKAGE),
        ("五月.XLSX", PACKAGE),
        ("locked.xlsx", COMPOUND),
        ("old.xls", COMPOUND),
        ("a.xlsx.csv", "姓名".encode("gb18030")),
        ("五月.csv", "\ufeff姓名".encode()),
    ],
)
def test_a_file_is_named_as_what_it_begins_like(name: str, begin: bytes) -> None:
    sheets.check_name(name, begin)


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("五月.csv", PACKAGE),
        ("五月.csv", COMPOUND),
        ("五月.xlsx", b"\x89PNG\r\n"),
        ("五月.xlsx", "姓名,身份证号".encode()),
        ("五月.xls", PACKAGE),
        ("五月.xlsm", PACKAGE),
        ("五月.xlsx.exe", PACKAGE),
        ("xlsx", PACKAGE),
        (".xlsx", PACKAGE),
        ("", PACKAGE),
    ],
)
def test_a_file_under_another_name_is_refused(name: str, begin: bytes) -> None:
    with pytest.raises(BusinessError, match=r"sheets\.name"):
        sheets.check_name(name, begin)


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_reads_csv_in_every_encoding_and_separator(encoding: str, delimiter: str, ending: str) -> None:
    text = ending.join(
        delimiter.join(line) for line in (["姓名", "身份证号", "镇（街）"], ["徐𬱖", "a", '"甲, 镇"'], [], ["乙", "b"])
    )
    sheet = read(text.encode(encoding))
    assert [(row.line, row.text("name"), row.text("town")) for row in sheet.rows] == [
        (2, "徐𬱖", "甲, 镇"),
        (4, "乙", ""),
    ]


def test_the_name_of_a_file_says_nothing_but_its_content() -> None:
    content = "身份证号,姓名\n".encode("gb18030")
    error = refusal(content)
    assert error.code == "sheets.empty"
    assert "不会使任何人退出" in error.message


def test_lines_are_counted_in_the_file_across_line_breaks_in_cells() -> None:
    sheet = read('姓名,身份证号,镇(街)\n甲,a,"东\n西"\n乙,b,丙\n'.encode())
    assert [(row.line, row.text("town")) for row in sheet.rows] == [(2, "东\n西"), (4, "丙")]


@pytest.mark.parametrize(
    "body",
    [
        '甲,a,"东\n乙,b,西\n丙,c,南\n',
        '"甲,a,东\n乙,b,西\n丙",c,南\n',
        '甲,a,"东"西\n',
        "甲,a," + "长" * 200_000 + "\n",
    ],
)
def test_rows_are_never_swallowed_by_a_quotation_mark(body: str) -> None:
    assert refusal(("姓名,身份证号,镇(街)\n" + body).encode()).code == "sheets.quotes"


def test_a_line_with_more_cells_than_the_header_is_refused() -> None:
    error = refusal("姓名,身份证号\n甲,a\n乙,东,b\n".encode())
    assert (error.code, error.message[:6]) == ("sheets.too_many_cells", "第 3 行的")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheets.empty"),
        (b"\0\0\0\0", "sheets.empty"),
        (b"\xff\xff\xff\xff", "sheets.encoding"),
        ("姓名,身份证号\n甲\0,a\n".encode(), "sheets.unreadable"),
        ("\ufeff".encode() + "姓名,身份证号\n甲,a".encode("gb18030"), "sheets.encoding"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "sheets.html"),
        (b"x" * (sheets.MAX_BYTES + 1), "sheets.too_large"),
        ("甲,乙\n丙,丁\n".encode(), "sheets.no_header"),
        (("甲,乙\n" * 20 + "姓名,身份证号\n丙,a\n").encode(), "sheets.no_header"),
        ("姓名,身份证号,姓名\n甲,a,乙\n".encode(), "sheets.duplicate_column"),
        (("姓名,身份证号\n" + "," * 300).encode(), "sheets.too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(content: bytes, code: str) -> None:
    error = refusal(content)
    assert error.code == code
    assert error.message.endswith("。")


def test_a_missing_column_is_named_with_the_headers_it_may_have() -> None:
    error = refusal("姓名,镇(街)\n甲,乙\n".encode())
    assert error.code == "sheets.column_missing"
    assert error.message.startswith("第 1 行的表头缺少必需的列：身份证号（可写作 身份证号、身份证号码、证件号码）")


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read_or_refused_but_never_crash(content: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", "姓名,身份证号\n".encode()):
        try:
            read(prefix + content)
        except BusinessError as error:
            assert re.fullmatch(r"sheets\.\w+", error.code)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Zs"]), min_size=1, max_size=8),
            st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True),
        ),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 5),
)
def test_every_row_of_a_workbook_comes_back_on_its_line(people: list[tuple[str, str]], above: int) -> None:
    people = [(f"张{name}", number) for name, number in people]
    sheet = read(xlsx(workbook(*[["题"]] * above, HEADER, *people)))
    assert [(row.line, row.text("name"), row.text("id")) for row in sheet.rows] == [
        (above + 2 + index, name, number) for index, (name, number) in enumerate(people)
    ]
