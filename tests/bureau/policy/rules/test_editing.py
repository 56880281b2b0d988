"""One literal of a document is changed, and no other byte."""

from __future__ import annotations

import pytest

from bureau.policy.rules import editing, packs
from bureau.policy.rules.faults import PackError

TEXT = """\
# 说明：这一行和下面的空格都不会动
document:
  id: x
  title: '试   行'
  number: null
  in_force: {from: 2023-01-01, until: null}
clauses:
  a: {at: 第一条,   says: 试}
parameters:
- {name: care.ratio, clause: a, for: {care: outpatient},  by: [level], values: {tertiary: 50%, secondary: '60%'}}  # 注
- name: major_illness.bands
  clause: a
  value: [{to: 5万元, ratio: 60%}, {to: none, ratio: 70%}]
floors:
- {name: f, of: relief_ratio, clause: a, value: 70%}
"""


def test_every_literal_is_an_input_with_its_labels_in_chinese() -> None:
    found = editing.editables("x.yaml", TEXT)
    assert [
        (item.kind, item.row.mechanism.title, item.labels, [(one.text, one.part) for one in item.literals])
        for item in found
    ] == [
        ("取值", "报销比例", "普通门诊·三级", [("50%", "")]),
        ("取值", "报销比例", "普通门诊·二级", [("60%", "")]),
        (
            "取值",
            "大病分段比例",
            "全部",
            [("5万元", "第 1 段上限"), ("60%", "第 1 段比例"), ("none", "第 2 段上限"), ("70%", "第 2 段比例")],
        ),
        ("下限", "救助比例", "全部", [("70%", "")]),
    ]


def test_what_is_typed_stands_where_the_literal_stood_and_nothing_else_moves() -> None:
    found = editing.editables("x.yaml", TEXT)
    typed = {found[0].literals[0].name: " 55% ", found[2].literals[0].name: "6万元", found[3].literals[0].name: "72.5%"}

    text = editing.replaced("x.yaml", TEXT, typed)

    assert text == TEXT.replace("tertiary: 50%", "tertiary: 55%").replace("5万元", "6万元").replace(
        "value: 70%", "value: 72.5%"
    )


def test_what_is_typed_unchanged_changes_no_byte_of_any_pack() -> None:
    for city in packs.cities():
        for name, text in packs.unbundle(packs.pack_bytes(city, drafts=True))[1].items():
            found = editing.editables(name, text)
            typed = {one.name: one.text for item in found for one in item.literals}
            assert editing.replaced(name, text, typed) == text
            assert all(text[one.start : one.end].strip("'\"") == one.text for item in found for one in item.literals)


@pytest.mark.parametrize("word", ["", "5 0%", "50%, retired: 90%", "50% # x", "{a: b}", "&a", '"50%"', "x" * 61])
def test_what_is_no_literal_is_refused_at_its_line(word: str) -> None:
    (name,) = (one.name for one in editing.editables("x.yaml", TEXT)[0].literals)
    with pytest.raises(PackError, match=r"x\.yaml 第 10 行：.*不是一个取值"):
        editing.replaced("x.yaml", TEXT, {name: word})
