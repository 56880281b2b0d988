"""The vocabulary file says what the closed sets in code say; whoever edits one of them alone is told where."""

from __future__ import annotations

import pytest

from bureau.policy.rules.faults import PackError
from bureau.policy.rules.labels import FILE, mismatches, read, vocabulary
from bureau.policy.rules.packs import PACKS, bundle, load_bytes


def said_after(old: str, new: str) -> str:
    text = FILE.read_text("utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    return "\n".join(map(str, mismatches(read("vocabulary.yaml", text.replace(old, new)))))


def line_of(text: str) -> int:
    lines = FILE.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_file_agrees_with_the_code() -> None:
    assert list(mismatches(vocabulary())) == []


@pytest.mark.parametrize(
    ("dimension", "label", "name", "codes", "local"),
    [
        ("scheme", "employee", "职工医保", ("310",), ()),
        ("scheme", "resident", "居民医保", ("390",), ()),
        ("care", "pharmacy", "药店购药", ("41",), ()),
        ("care", "inpatient", "住院", ("21",), ()),
        ("care", "two_diseases", "两病用药", (), ("9901",)),
        ("level", "tertiary", "三级", ("01", "02", "03"), ()),
    ],
)
def test_a_label_has_its_chinese_name_and_national_code(
    dimension: str, label: str, name: str, codes: tuple[str, ...], local: tuple[str, ...]
) -> None:
    found = vocabulary().dimensions[dimension].labels[label]

    assert (found.name, found.codes, found.local) == (name, codes, local)


def test_another_name_than_the_terms_is_named_with_its_line() -> None:
    place = f"vocabulary.yaml 第 {line_of('{name: 职工医保')} 行"

    assert said_after("{name: 职工医保", "{name: 城镇职工") == (
        f"{place}：“scheme=employee”在这里叫“城镇职工”，在 terms 里叫“职工医保”。[policy.vocabulary]"
    )


def test_a_missing_and_an_unknown_label_are_named() -> None:
    said = said_after("      marginal: {name: 低保边缘}", "      marginals: {name: 低保边缘}")

    assert "维度“relief”的取值缺少：marginal。" in said
    assert "维度“relief”的取值不认识：marginals。" in said


def test_a_code_without_a_dictionary_is_named() -> None:
    said = said_after("same_pool: {name: 统筹区内}", "same_pool: {name: 统筹区内, codes: [1]}")

    assert "“relation=same_pool”有编码，但没有写明国家字典（national）。" in said


def test_a_word_that_no_parameter_uses_is_named() -> None:
    assert "固定词语不认识：sibling。" in said_after("  child: 子女", "  child: 子女\n  sibling: 兄弟姐妹")
    assert "参数类别缺少：maternity。" in said_after("  maternity: 生育\n", "")


def test_what_is_not_written_right_is_refused_with_its_line() -> None:
    with pytest.raises(PackError, match=r"vocabulary.yaml 第 2 行：不认识的键“titel”"):
        read("vocabulary.yaml", "dimensions:\n  scheme: {titel: 险种, labels: {}}\nfamilies: {}\nwords: {}\n")


def test_the_kinds_of_benefit_are_all_there() -> None:
    """WZ-22: inpatient, outpatient, chronic, special diseases, and care outside the pool."""
    found = vocabulary().dimensions

    assert {"inpatient", "outpatient", "chronic", "serious"} <= set(found["care"].labels)
    assert {"same_province", "other_province"} <= set(found["relation"].labels)


def test_no_value_can_depend_on_town_or_country() -> None:
    """CC-01: residents have one benefit; a pack that asks for the household register is refused."""
    assert not {"hukou", "household", "residence"} & set(vocabulary().dimensions)
    packs = {path.name: path.read_text("utf-8") for path in (PACKS / "changchun").glob("*.yaml")}
    name, old = "changchun-framework.yaml", "for: {scheme: resident, care: outpatient}, value: none"
    assert packs[name].count(old) == 1
    packs[name] = packs[name].replace(old, "for: {scheme: resident, care: outpatient, hukou: urban}, value: none")
    with pytest.raises(PackError, match="不认识的维度“hukou”"):
        load_bytes(bundle("changchun", packs))
