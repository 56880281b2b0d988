"""Words of the trade in passwords, and common words under a disguise."""

from __future__ import annotations

import pytest

from bureau.organization.rules.passwords import listed_words, roots

PLACES = ("游仙区", "游仙", "mianyang", "youxian")


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Yibao-2023!", ["yibao"]),
        ("mianyang12345", ["mianyang"]),
        ("Youxian.Yibao.2023", ["youxian", "yibao"]),
        ("综合柜员123456", ["综合柜员"]),
        ("游仙区医保20230501"[:11], ["游仙区", "医保"]),
        ("ＹＩＢＡＯ123456", ["yibao"]),
        ("chunachuna2023", ["chuna"]),
    ],
)
def test_what_rests_upon_listed_words_is_found(password: str, found: list[str]) -> None:
    assert listed_words(password, PLACES) == found


@pytest.mark.parametrize(
    "password",
    [
        "an-old-pass-phrase",
        # Eight letters and digits of one's own stand beside the word.
        "yibao-kx7Qm2Lp",
        "春眠不觉晓处处闻啼鸟",
    ],
)
def test_what_holds_enough_beside_them_is_taken(password: str) -> None:
    assert listed_words(password, PLACES) == []


@pytest.mark.parametrize(
    ("password", "root"),
    [
        ("michelle2023", "michelle"),
        ("!!P@ssw0rd99", "password"),
        ("qwertyqwerty", "qwerty"),
        ("Dragon1234!!", "dragon"),
        ("1q2w3e4r5t", "1q2w3e4r5t"),
    ],
)
def test_a_disguised_word_is_seen_through(password: str, root: str) -> None:
    assert root in roots(password)
