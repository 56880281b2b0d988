"""Under which name a file leaves."""

from __future__ import annotations

import pytest

from bureau.console.attachments import CSV, attachment


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("roster-7-errors.xlsx", 'attachment; filename="roster-7-errors.xlsx"'),
        ('a".html; x="b.csv', 'attachment; filename="a\\".html; x=\\"b.csv"'),
        ("a\\.csv", 'attachment; filename="a\\\\.csv"'),
        ("单据.csv", "attachment; filename*=utf-8''%E5%8D%95%E6%8D%AE.csv"),
        ("单\r\nX-Y: 1.csv", "attachment; filename*=utf-8''%E5%8D%95%0D%0AX-Y%3A%201.csv"),
        ("", "attachment"),
    ],
)
def test_a_name_stays_within_its_quotes(name: str, head: str) -> None:
    answer = attachment("a,b", name=name, kind=CSV)
    assert answer["Content-Disposition"] == head
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_line_break_makes_no_second_head() -> None:
    answer = attachment("a,b", name="a\r\nSet-Cookie: x=1.csv", kind=CSV)
    assert b"\r\nSet-Cookie" not in answer.serialize_headers()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x%3D1.csv"
