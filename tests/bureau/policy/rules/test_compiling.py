"""Packs are compiled strictly: every fault is named with its file and line, and the same bytes give the same tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bureau.policy.rules import layout
from bureau.policy.rules.faults import PackError
from bureau.policy.rules.packs import bundle, load_bytes, load_city, pack_bytes

PACKS = Path(__file__).parents[3] / "data" / "packs" / "jiande"
FRAMEWORK = "framework.yaml"


def files() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in PACKS.glob("*.yaml")}


def replaced(old: str, new: str, file: str = FRAMEWORK) -> dict[str, str]:
    changed = files()
    assert changed[file].count(old) == 1, (old, changed[file].count(old))
    changed[file] = changed[file].replace(old, new)
    return changed


def line_of(packs: dict[str, str], text: str, file: str = FRAMEWORK) -> int:
    return next(number for number, line in enumerate(packs[file].splitlines(), start=1) if text in line)


def fault_of(packs: dict[str, str]) -> str:
    with pytest.raises(PackError) as caught:
        load_bytes(bundle("jiande", packs))
    return str(caught.value)


def test_the_same_files_give_the_same_bytes_hash_and_tables_in_whatever_order_they_come() -> None:
    forward = bundle("jiande", files())
    backward = bundle("jiande", dict(reversed(files().items())))
    first, second = load_bytes(forward), load_bytes(backward)

    assert forward == backward
    assert first.sha256 == second.sha256
    assert first.benefits.tobytes() == second.benefits.tobytes()
    assert first.protections.tobytes() == second.protections.tobytes()
    assert first.benefits.dtype == np.int64
    assert first.benefits.shape == first.benefits_cited.shape
    assert first.protections.shape == first.protections_cited.shape


def test_a_stored_release_compiles_to_what_the_files_say() -> None:
    stored = load_bytes(pack_bytes("mianyang"))
    fresh = load_city("mianyang")

    assert stored.sha256 == fresh.sha256
    assert stored.benefits.tobytes() == fresh.benefits.tobytes()


def test_one_character_changes_the_hash() -> None:
    assert (
        load_bytes(bundle("jiande", replaced("25000元", "25001元"))).sha256
        != load_bytes(bundle("jiande", files())).sha256
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("retired: 300元}", "retired: 300}", "policy.unit"),
        ("retired: 300元}", "retired: 3百元}", "policy.unit"),
        ("retired: 300元}", "retired: 300.001元}", "policy.unit"),
        ("retired: 300元}", "retired: 30%}", "policy.unit"),
        ("employee: 85%, resident: 70%", "employee: 850元, resident: 70%", "policy.unit"),
        ("employee: 85%, resident: 70%", "employee: 185%, resident: 70%", "policy.ratio"),
        ("employee: no, resident: yes", "employee: 否, resident: yes", "policy.unit"),
        ("registered_poor: yes}, value: none", "registered_poor: yes}, value: +5点", "policy.unit"),
        ("care: [inpatient, serious]}, value: +3点", "care: [inpatient, serious]}, value: +3元", "policy.unit"),
        ("retired: 300元}", "pensioner: 300元}", "policy.unknown_label"),
        ("name: two_diseases.ratio", "name: two_diseases.rate", "policy.unknown_name"),
        ("changes: major_cap", "changes: cap_of_major", "policy.unknown_name"),
        (
            "{name: two_diseases.ratio, clause: outpatient",
            "{name: two_diseases.ratio, clause: nine",
            "policy.unknown_clause",
        ),
        ("retired: 300元}", "retired: 300元, retired: 400元}", "policy.duplicate_key"),
        ("retired: 300元}", "in_service|retired: 300元}", "policy.unique"),
        ("value: 25000元}", "value: 25000元, note: x}", "policy.unknown_key"),
        ("{to: 20万元, ratio: 70%}", "{to: 4万元, ratio: 70%}", "policy.bands"),
        ("{to: none, ratio: 80%}", "{to: 30万元, ratio: 80%}", "policy.bands"),
        ("value: 3万元}", "value: 3万元, from: 2020-01-01}", "policy.outside_document"),
        ("value: 3万元}", "value: 3万元, from: 2022-01-01, until: 2022-01-01}", "policy.date_order"),
        ("value: 3万元}", "value: 3万元, from: 2022-1-1}", "policy.date"),
        (
            "for: {care: dialysis}, value: none",
            "for: {care: dialysis, weather: wet}, value: none",
            "policy.unknown_dimension",
        ),
        ("clause: major, value: 25000元", "clause: major, for: {level: primary}, value: 25000元", "policy.dimension"),
        ("areas: [3301]}", "areas: [33a1]}", "policy.area"),
    ],
)
def test_a_fault_names_file_and_line(old: str, new: str, code: str) -> None:
    packs = replaced(old, new)

    message = fault_of(packs)

    assert f"[{code}]" in message
    assert f"jiande/{FRAMEWORK} 第 {line_of(packs, new)} 行" in message


def test_a_pooling_area_that_does_not_exist_is_named() -> None:
    packs = replaced("pool: [tonglu, chunan, jiande]", "pool: [tonglu, chunan, jiangde]", "counties-2021.yaml")

    assert "jiande/counties-2021.yaml 第 11 行：没有名为“jiangde”的统筹区。" in fault_of(packs)


def test_two_values_on_one_cell_name_both_places() -> None:
    row = "- {name: dialysis.deductible, clause: stay, for: {care: dialysis}, value: none}\n"
    packs = replaced(
        row, row + row.replace("care: dialysis", "care: dialysis, scheme: resident").replace("none", "5元")
    )
    message = fault_of(packs)
    line = line_of(packs, "scheme: resident}, value: 5元")

    assert "[policy.unique]" in message
    assert f"第 {line} 行" in message
    assert f"第 {line - 1} 行" in message
    assert "resident dialysis" in message


def test_another_documents_number_is_changed_by_a_modifier_never_by_a_second_number() -> None:
    packs = replaced(
        "parameters:\n",
        "parameters:\n- {name: dialysis.ratio, clause: dialysis, for: {care: dialysis}, value: 90%}\n",
        "pooling-2022.yaml",
    )

    assert "jiande/pooling-2022.yaml 第 12 行" in fault_of(packs)
    assert "[policy.unique]" in fault_of(packs)


def test_a_covered_care_without_a_value_is_named_with_its_day() -> None:
    packs = replaced("- {name: dialysis.deductible, clause: stay, for: {care: dialysis}, value: none}\n", "")
    message = fault_of(packs)

    assert "[policy.complete]" in message
    assert "起付标准" in message
    assert "2021-01-01 起" in message
    assert "dialysis" in message
    assert f"第 {line_of(packs, 'outpatient|pharmacy|chronic|serious|dialysis|inpatient:')} 行" in message


def test_a_care_that_is_neither_covered_nor_not_covered_is_named() -> None:
    packs = replaced("    two_diseases: {employee: no, resident: yes}\n", "    two_diseases: {resident: yes}\n")
    message = fault_of(packs)

    assert "“是否保障”没有值" in message
    assert "employee/in_service two_diseases" in message


def test_a_document_that_ends_leaves_a_named_gap() -> None:
    packs = replaced("value: 3万元}", "value: 3万元, until: 2023-07-01}")
    message = fault_of(packs)

    assert "[policy.gap]" in message
    assert "“major_illness.annual_cap”到期后没有接续" in message
    assert "2023-07-01 起" in message
    assert f"第 {line_of(packs, 'until: 2023-07-01')} 行" in message


def test_a_relief_category_without_a_ratio_is_named() -> None:
    assert "“救助比例”没有值" in fault_of(replaced(", illness_poor: 60%, other: 50%", ", other: 50%"))


def test_a_modifier_that_meets_nothing_is_a_fault() -> None:
    message = fault_of(
        replaced("for: {employment: retired, care: [inpatient, serious]}", "for: {care: maternity_natural}")
    )

    assert "[policy.empty]" in message


def test_a_resident_has_no_employment() -> None:
    message = fault_of(
        replaced(
            "for: {employment: retired, care: [inpatient, serious]}", "for: {employment: retired, scheme: resident}"
        )
    )

    assert "[policy.empty]" in message


def test_the_same_modifier_does_not_change_a_cell_twice() -> None:
    row = next(line for line in files()[FRAMEWORK].splitlines(keepends=True) if "name: away.not_filed" in line)

    assert "[policy.unique]" in fault_of(replaced(row, row + row))


def test_a_yearly_limit_needs_the_pool_in_which_it_accumulates() -> None:
    packs = replaced("- {name: two_diseases, of: limit, clause: outpatient, for: {care: two_diseases}}\n", "")

    assert "[policy.pool]" in fault_of(packs)


def test_the_same_prefix_does_not_belong_to_two_pools_on_one_day() -> None:
    packs = replaced("areas: [330127], until", "areas: [330122], until")

    assert "[policy.unique]" in fault_of(packs)


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    packs = replaced("retired: 300元}", "retired: 300}")
    packs["counties-2021.yaml"] = packs["counties-2021.yaml"].replace("value: 10%", "value: 10")
    message = fault_of(packs)

    assert "framework.yaml" in message
    assert "counties-2021.yaml" in message


def test_broken_yaml_is_refused_with_its_line() -> None:
    packs = files()
    packs[FRAMEWORK] = "document: [\n"

    assert "[policy.yaml]" in fault_of(packs)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("city: {code: 330100", "#city: {code: 330100"), "policy.city"),
        (lambda text: text.replace("code: 330100", "code: 440100"), "policy.area"),
    ],
)
def test_a_set_says_once_whose_law_it_is(change: Callable[[str], str], code: str) -> None:
    packs = files()
    packs[FRAMEWORK] = change(packs[FRAMEWORK])

    assert f"[{code}]" in fault_of(packs)


def test_a_changed_cell_cites_both_clauses() -> None:
    rulebook = load_bytes(bundle("jiande", files()))
    longest = max(rulebook.citations, key=len)

    assert len(longest) >= 3
    assert rulebook.rows[longest[0]].modifier is None
    assert all(rulebook.rows[row].modifier is not None for row in longest[1:])


def test_periods_begin_on_every_day_on_which_anything_begins_or_ends() -> None:
    rulebook = load_bytes(bundle("jiande", files()))

    assert rulebook.starts == (date(2021, 1, 1), date(2022, 1, 1))
    assert rulebook.period_of(date(2020, 12, 31)) == -1
    assert rulebook.period_of(date(2021, 12, 31)) == 0
    assert rulebook.period_of(date(2022, 1, 1)) == 1


def test_a_share_of_nothing_is_a_share_and_can_be_taken_away() -> None:
    """0 % left to the person is the most generous special relief, not its absence: `none` takes it away too."""
    packs = replaced("employee: 5%, resident: 10%", "employee: 0%, resident: 10%", "pooling-2022.yaml")
    law = load_bytes(bundle("jiande", packs))
    dialysis = {
        (person, relation, filing): law.offsets.period * law.period_of(date(2022, 6, 1))
        + law.offsets.person[person]
        + law.offsets.care["dialysis"]
        + law.offsets.relation[relation]
        + law.offsets.filing[filing]
        for person in (("employee", "in_service"), ("resident", ""))
        for relation in ("same_pool", "other_province")
        for filing in (False, True)
    }
    shares = {key: int(law.benefits[cell, layout.SPECIAL_SHARE]) for key, cell in dialysis.items()}

    assert shares[("employee", "in_service"), "same_pool", False] == 0
    assert shares[("resident", ""), "other_province", True] == 1_000
    assert shares[("employee", "in_service"), "other_province", False] == layout.NO_SHARE
    assert shares[("resident", ""), "other_province", False] == layout.NO_SHARE
