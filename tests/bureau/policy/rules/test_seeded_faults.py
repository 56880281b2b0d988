"""Faults sown into the packs of the house: each is found, named with file and line, and said in a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bureau.policy.rules.faults import PackError
from bureau.policy.rules.packs import DRAFTS, PACKS, bundle, load_bytes, load_city
from claims.rules import examples


def files(city: str, *, drafts: bool = False) -> dict[str, str]:
    folders = [PACKS / city, *([PACKS / city / DRAFTS] if drafts else [])]
    return {path.name: path.read_text("utf-8") for folder in folders for path in folder.glob("*.yaml")}


def sown(city: str, file: str, old: str, new: str, *, drafts: bool = False) -> tuple[str, str]:
    """The message of the fault, and the place at which it was sown."""
    packs = files(city, drafts=drafts)
    assert packs[file].count(old) == 1, (old, packs[file].count(old))
    line = packs[file][: packs[file].index(old)].count("\n") + 1
    packs[file] = packs[file].replace(old, new)
    with pytest.raises(PackError) as caught:
        load_bytes(bundle(city, packs))
    return str(caught.value), f"{city}/{file} 第 {line} 行"


RELIEF = "wenzhou-relief-2019.yaml"
WENZHOU = "wenzhou-framework.yaml"
HANGZHOU = "hangzhou-framework.yaml"


@pytest.mark.parametrize(
    ("city", "file", "old", "new", "said"),
    [
        pytest.param(
            "mianyang",
            "mianyang-chronic-2022.yaml",
            "in_force: {from: 2022-01-01, until: 2023-01-01}",
            "in_force: {from: 2022-01-01, until: 2022-12-31}",
            "到期后没有接续：2022-12-31 起",
            id="gap: a document that expires a day early",
        ),
        pytest.param(
            "mianyang",
            "mianyang-chronic-2023.yaml",
            "in_force: {from: 2023-01-01, until: null}",
            "in_force: {from: 2022-12-31, until: null}",
            "的同一格（2022-12-31 起",
            id="overlap: a document that begins a day early",
        ),
        pytest.param(
            "hangzhou",
            HANGZHOU,
            "employee: {primary: 90%, secondary: 86%, tertiary: 82%, pharmacy: none}\n    resident: {primary: 80%, "
            "secondary: 75%, tertiary: 70%, pharmacy: none}\n  assumed: true\n- name: serious.ratio",
            "employee: {primary: 90元, secondary: 86%, tertiary: 82%, pharmacy: none}\n    resident: {primary: 80%, "
            "secondary: 75%, tertiary: 70%, pharmacy: none}\n  assumed: true\n- name: serious.ratio",
            "“inpatient.ratio”的值“90元”写法或单位不对，应为比例（如 50%）。[policy.unit]",
            id="wrong unit",
        ),
        pytest.param(
            "hangzhou",
            "hangzhou-counties-2021.yaml",
            "in_force: {from: 2021-01-01, until: 2022-01-01}",
            "in_force: {from: 2022-01-01, until: 2021-01-01}",
            "失效日（until，当日起不再有效）必须晚于生效日（from）。[policy.date_order]",
            id="swapped dates",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "values: {same_province: -5点, other_province: -10点}",
            "values: {same_state: -5点, other_province: -10点}",
            "维度“relation”没有“same_state”",
            id="unknown label",
        ),
        pytest.param(
            "changchun",
            "changchun-framework.yaml",
            "values: {outpatient: yes, pharmacy: no}",
            "values: {outpatient: yes, outpatient: no}",
            "键“outpatient”写了两次。[policy.duplicate_key]",
            id="duplicate key",
        ),
        pytest.param(
            "hangzhou",
            HANGZHOU,
            "values: {employee: 85%, resident: 70%}",
            "values: {employee: 185%, resident: 70%}",
            "“dialysis.ratio”的值“185%”写法或单位不对",
            id="ratio above 100 %",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "for: {employment: retired, care: [outpatient, pharmacy, inpatient, serious, dialysis]}",
            "for: {employment: retired, care: two_diseases}",
            "没有可修改的“报销比例”。[policy.empty]",
            id="modifier on nothing",
        ),
        pytest.param(
            "wenzhou",
            RELIEF,
            "clause: subsistence, for: {relief: subsistence}, value: 70%}\n- {name: relief.ratio, clause: marginal",
            "clause: subsistence, for: {relief: subsistence}, value: 69%}\n- {name: relief.ratio, clause: marginal",
            "为 69%，低于“温州市《关于进一步做好医疗保障精准扶贫工作的实施方案》（解读 2019-12-19）”"
            "解读·三·三的下限 70%",
            id="floor broken (WR-13)",
        ),
        pytest.param(
            "wenzhou",
            RELIEF,
            "for: {relief: [destitute, subsistence]}, value: none}\n- {name: relief.deductible, clause: phased_out",
            "for: {relief: [destitute, subsistence]}, value: 100元}\n- {name: relief.deductible, clause: phased_out",
            "为 100.00，高于",
            id="a deductible where there must be none (WR-15)",
        ),
        pytest.param(
            "hangzhou",
            "hangzhou-chronic.yaml",
            "for: {scheme: employee, level: primary}, value: 95%",
            "for: {scheme: employee, level: primary}, value: 96%",
            "为 96%，高于“杭州市慢性病门诊用药保障（见市级统筹解读 2021-12-31）”解读·五的上限 95%",
            id="ceiling broken (HZ-15)",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "employee: {primary: 75%, secondary: 65%, tertiary: 55%, pharmacy: 65%}",
            "employee: {primary: 75%, secondary: 65%, tertiary: 66%, pharmacy: 65%}",
            "梯度（primary ≥ secondary ≥ tertiary",
            id="gradient between levels broken (WZ-23)",
        ),
        pytest.param(
            "wenzhou",
            "wenzhou-pooling-2022.yaml",
            "order: [same_pool, same_province, other_province]",
            "order: [other_province, same_province, same_pool]",
            "梯度（other_province ≥ same_province ≥ same_pool",
            id="gradient between places",
        ),
        pytest.param(
            "hangzhou",
            "hangzhou-contributions.yaml",
            "{name: contribution.employer_base, clause: base, until: 2022-01-01, value: payroll_of_month}",
            "{name: contribution.employer_base, clause: base, until: 2022-01-02, value: payroll_of_month}",
            "“contribution.employer_base”同日已由 hangzhou/hangzhou-contributions.yaml",
            id="a rule of the city on one day twice",
        ),
        pytest.param(
            "wenzhou",
            "wenzhou-pooling-2022.yaml",
            "clause: employer_base, value: payroll_of_month",
            "clause: employer_base, value: payroll_of_week",
            "应为固定词语",
            id="unknown word",
        ),
    ],
)
def test_a_sown_fault_is_named(city: str, file: str, old: str, new: str, said: str) -> None:
    message, _ = sown(city, file, old, new)

    assert said in message
    assert f"{city}/" in message
    assert "第" in message


def test_a_broken_floor_names_the_value_the_cell_and_the_clause() -> None:
    old = "clause: marginal, for: {relief: marginal}, value: 60%}\n- {name: relief.ratio, clause: others"
    message, place = sown("wenzhou", RELIEF, old, old.replace("60%", "59.5%"))

    assert message.startswith(f"{place}：“relief.ratio”在 2022-01-01 起 wenzhou employee/in_service marginal")
    assert "为 59.5%" in message
    assert "[policy.floor]" in message
    higher = files("wenzhou")
    higher[RELIEF] = higher[RELIEF].replace(old, old.replace("60%", "75%"))
    assert load_bytes(bundle("wenzhou", higher)).warnings == ()


def test_a_limit_that_holds_usually_only_warns() -> None:
    """WR-16: 60,000 is above last year's income of 54,025 (assumed)."""
    packs = files("wenzhou")
    old = "for: {relief: [illness_poor, other]}, value: 20000元"
    packs[RELIEF] = packs[RELIEF].replace(old, old.replace("20000", "60000"))
    [warning] = load_bytes(bundle("wenzhou", packs)).warnings

    assert warning.code == "policy.ceiling"
    assert "为 60000.00，高于" in warning.message
    assert "上限 54025.00" in warning.message


def test_an_example_that_does_not_come_out_is_named_with_its_line() -> None:
    packs = files("hangzhou")
    name = "hangzhou-pooling-2022.yaml"
    packs[name] = packs[name].replace(
        "deductible: 700.00元, pooled: 1079.00元", "deductible: 700.00元, pooled: 1079.01元"
    )
    [fault] = examples.failing(load_bytes(bundle("hangzhou", packs)))

    assert fault.place.file == f"hangzhou/{name}"
    assert "应为 1079.01，算出 1079.00" in fault.message


def test_drafts_change_nothing_until_they_are_published() -> None:
    """CC-12, CC-25."""
    present, drafted = load_city("changchun"), load_city("changchun", drafts=True)

    assert present.sha256 != drafted.sha256
    assert not any(document.id == "changchun-outpatient-reform" for document in present.documents)
    assert bundle("changchun", files("changchun")) != bundle("changchun", files("changchun", drafts=True))
    day = max(drafted.starts)
    assert f"{day}" == "2023-01-01"
    assert (
        drafted.parameter("outpatient.ratio", day, scheme="employee", employment="retired", level="tertiary").value
        == 5500
    )
    assert drafted.parameter("outpatient.deductible", day, scheme="employee", level="secondary").value == 30_000


def test_a_replacement_ends_the_old_document_on_its_own_first_day() -> None:
    drafted = load_city("changchun", drafts=True)
    [row] = [row for row in drafted.rows if row.document.id == "changchun-outpatient"]

    assert f"{row.valid_until}" == "2023-01-01"


def test_a_document_that_replaces_an_unknown_one_is_refused() -> None:
    message, _ = sown(
        "changchun", "changchun-outpatient-reform.yaml", "[changchun-outpatient]", "[changchun-inpatient]", drafts=True
    )

    assert "没有可以替代的文件“changchun-inpatient”。[policy.unknown_document]" in message


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(
            "of: ratio, clause: gradient, along: level", "of: covered, clause: gradient, along: level"
        ),
        lambda text: text.replace("along: level, order", "along: relief, order"),
        lambda text: text.replace("order: [primary, secondary, tertiary]", "order: [primary]"),
    ],
)
def test_a_gradient_that_makes_no_sense_is_refused(change: Callable[[str], str]) -> None:
    packs = files("wenzhou")
    packs["wenzhou-pooling-2022.yaml"] = change(packs["wenzhou-pooling-2022.yaml"])
    with pytest.raises(PackError):
        load_bytes(bundle("wenzhou", packs))
