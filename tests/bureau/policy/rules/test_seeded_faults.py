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


def line_of(text: str, part: str) -> int:
    """The line on which a part of a file begins; it stands there once."""
    assert text.count(part) == 1, (part, text.count(part))
    return text[: text.index(part)].count("\n") + 1


def sown(city: str, file: str, old: str, new: str, *, drafts: bool = False) -> tuple[list[str], str]:
    """The faults that are named, one a line, and the place at which the fault was sown."""
    packs = files(city, drafts=drafts)
    line = line_of(packs[file], old)
    packs[file] = packs[file].replace(old, new)
    with pytest.raises(PackError) as caught:
        load_bytes(bundle(city, packs))
    return str(caught.value).split("\n"), f"{city}/{file} 第 {line} 行"


def place(city: str, file: str, part: str) -> str:
    """Where a part of an unspoiled pack stands."""
    return f"{city}/{file} 第 {line_of(files(city)[file], part)} 行"


RELIEF = "wenzhou-relief-2019.yaml"
WENZHOU = "wenzhou-framework.yaml"
HANGZHOU = "hangzhou-framework.yaml"
CONTRIBUTIONS = "mianyang-contributions.yaml"
# Where the clauses stand that bind the values of others.
PLACES = {
    "LOWEST": place("wenzhou", RELIEF, "- {name: relief.lowest_ratio, of: relief_ratio, clause: subsistence"),
    "HIGHEST": place("wenzhou", RELIEF, "- {name: relief.highest_deductible, of: relief_deductible, clause: no_ded"),
    "CHRONIC": place("hangzhou", "hangzhou-chronic.yaml", "- {name: chronic.highest_ratio"),
    "BY_LEVEL": place("wenzhou", "wenzhou-pooling-2022.yaml", "- {name: ratio.by_level"),
}


OF_MIANYANG = "mianyang employee/in_service chronic primary same_pool filing=no signed=no"
OF_2019 = "“温州市《关于进一步做好医疗保障精准扶贫工作的实施方案》（解读 2019-12-19）”解读·三·三"
OF_2022 = "“温州市全面做实基本医疗保险市级统筹实施方案（2022-04-01）”二（一）3"
CELL_2022 = "2022-01-01 起 wenzhou employee/in_service"


@pytest.mark.parametrize(
    ("city", "file", "old", "new", "said"),
    [
        pytest.param(
            "hangzhou",
            HANGZHOU,
            "values: {employee: 85%, resident: 70%}",
            "values: {employee: 85元, resident: 70%}",
            "“dialysis.ratio”的值“85元”写法或单位不对，应为比例（如 50%）。[policy.unit]",
            id="wrong unit",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "value: +5点, assumed: true}",
            "value: +5元, assumed: true}",
            "“+5元”不能修改“报销比例”，可写如 +5点、×50%、-300元、none。[policy.unit]",
            id="wrong unit of a modifier",
        ),
        pytest.param(
            "hangzhou",
            "hangzhou-counties-2021.yaml",
            "in_force: {from: 2021-01-01, until: 2022-01-01}",
            "in_force: {from: 2022-01-01, until: 2021-01-01}",
            "失效日（until，当日起不再有效）必须晚于生效日（from）。[policy.date_order]",
            id="swapped dates of a document",
        ),
        pytest.param(
            "mianyang",
            CONTRIBUTIONS,
            "from: 2022-07-01, until: 2022-10-01",
            "from: 2022-10-01, until: 2022-07-01",
            "失效日（until，当日起不再有效）必须晚于生效日（from）。[policy.date_order]",
            id="swapped dates of a value",
        ),
        pytest.param(
            "mianyang",
            "mianyang-away.yaml",
            "in_force: {from: 2022-01-01, until: null}",
            "in_force: {from: 01-01-2022, until: null}",
            "“01-01-2022”不是日期，请写成 2023-01-01。[policy.date]",
            id="day and year swapped",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "values: {same_province: -5点, other_province: -10点}",
            "values: {same_state: -5点, other_province: -10点}",
            "维度“relation”没有“same_state”，可用：same_pool、same_province、other_province。[policy.unknown_label]",
            id="unknown label",
        ),
        pytest.param(
            "wenzhou",
            "wenzhou-pooling-2022.yaml",
            "clause: employer_base, value: payroll_of_month",
            "clause: employer_base, value: payroll_of_week",
            "“contribution.employer_base”的值“payroll_of_week”写法或单位不对，"
            "应为固定词语（几个之间用 |）。[policy.unit]",
            id="unknown word",
        ),
        pytest.param(
            "mianyang",
            "mianyang-away.yaml",
            "clause: not_filed, for",
            "clause: not_field, for",
            "文件“mianyang-away”没有条款“not_field”。[policy.unknown_clause]",
            id="unknown clause",
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
            "“dialysis.ratio”的值“185%”超过 100%，请核对文件。[policy.ratio]",
            id="ratio above 100 %",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "{name: retired.points, changes: ratio, clause: retired, for: {employment: retired, care: [outpatient, "
            "pharmacy, inpatient, serious, dialysis]}",
            "{name: retired.points, changes: ratio, clause: retired, for: {scheme: employee, care: two_diseases}",
            "没有可修改的“报销比例”。[policy.empty]",
            id="modifier on nothing",
        ),
        pytest.param(
            "wenzhou",
            RELIEF,
            "clause: subsistence, for: {relief: subsistence}, value: 70%}\n- {name: relief.ratio, clause: marginal",
            "clause: subsistence, for: {relief: subsistence}, value: 69%}\n- {name: relief.ratio, clause: marginal",
            f"“relief.ratio”在 {CELL_2022} subsistence registered_poor=no 为 69%，"
            f"低于{OF_2019}的下限 70%（{{LOWEST}}）。[policy.floor]",
            id="floor broken (WR-13)",
        ),
        pytest.param(
            "wenzhou",
            RELIEF,
            "for: {relief: [destitute, subsistence]}, value: none}\n- {name: relief.deductible, clause: phased_out",
            "for: {relief: [destitute, subsistence]}, value: 100元}\n- {name: relief.deductible, clause: phased_out",
            f"“relief.deductible”在 {CELL_2022} destitute registered_poor=no 为 100.00，"
            f"高于{OF_2019}的上限 0.00（{{HIGHEST}}）。[policy.ceiling]",
            id="a deductible where there must be none (WR-15)",
        ),
        pytest.param(
            "hangzhou",
            "hangzhou-chronic.yaml",
            "for: {scheme: employee, level: primary}, value: 95%",
            "for: {scheme: employee, level: primary}, value: 96%",
            "“chronic.ratio”在 2021-01-01 起 tonglu employee/in_service chronic primary same_pool filing=no signed=no "
            "chronic_count=1 为 96%，高于“杭州市慢性病门诊用药保障（见市级统筹解读 2021-12-31）”解读·五的上限 95%"
            "（{CHRONIC}）。[policy.ceiling]",
            id="ceiling broken (HZ-15)",
        ),
        pytest.param(
            "wenzhou",
            WENZHOU,
            "employee: {primary: 75%, secondary: 65%, tertiary: 55%, pharmacy: 65%}",
            "employee: {primary: 75%, secondary: 65%, tertiary: 66%, pharmacy: 65%}",
            f"“outpatient.ratio”在 {CELL_2022} outpatient tertiary same_pool filing=no signed=no chronic_count=0 "
            f"为 66%，高于 secondary 的 65%，与{OF_2022}的梯度（primary ≥ secondary ≥ tertiary，{{BY_LEVEL}}）不符。"
            "[policy.gradient]",
            id="gradient between levels broken (WZ-23)",
        ),
    ],
)
def test_a_sown_fault_is_named(city: str, file: str, old: str, new: str, said: str) -> None:
    found, where = sown(city, file, old, new)

    assert found[0] == f"{where}：{said.format_map(PLACES)}"


def test_a_wrong_unit_in_the_middle_of_a_file_is_named_with_its_own_line() -> None:
    """Not with the line on which its parameter begins."""
    found, where = sown("hangzhou", HANGZHOU, "to: 20万元, ratio: 70%", "to: 20万, ratio: 70%")

    assert found == [f"{where}：分段应写成 {{to: 5万元, ratio: 60%}}，最后一段 to: none。[policy.unit]"]


def test_a_document_that_expires_leaves_a_gap_that_is_named_from_its_day() -> None:
    """Chronic care of 2022 ends a day before that of 2023 begins: deductible, ratio and limit are missing."""
    file = "mianyang-chronic-2022.yaml"
    old = "in_force: {from: 2022-01-01, until: 2023-01-01}"
    found, _ = sown("mianyang", file, old, old.replace("2023-01-01", "2022-12-31"))
    ratio = place("mianyang", file, "- {name: chronic.ratio, clause: ratio")

    assert found[0] == (
        f"{ratio}：“chronic.ratio”到期后没有接续：2022-12-31 起 "
        f"{OF_MIANYANG} chronic_count=1（这一类共 96 格）。[policy.gap]"
    )
    assert len(found) == 3
    assert all("2022-12-31 起" in line for line in found)


def test_a_document_that_expires_with_no_successor_is_named_too() -> None:
    old = "in_force: {from: 2023-01-01, until: null}"
    found, _ = sown("mianyang", "mianyang-outpatient-2023.yaml", old, old.replace("null", "2023-07-01"))

    ratio = place("mianyang", "mianyang-outpatient-2023.yaml", "secondary|primary|pharmacy: {in_service: 60%")

    assert found[0] == (
        f"{ratio}：“outpatient.ratio”到期后没有接续：2023-07-01 起 mianyang employee/in_service outpatient primary "
        "same_pool filing=no signed=no chronic_count=0（这一类共 144 格）。[policy.gap]"
    )


def test_two_documents_that_overlap_by_a_day_are_named_with_each_other() -> None:
    file = "mianyang-chronic-2023.yaml"
    old = "in_force: {from: 2023-01-01, until: null}"
    found, _ = sown("mianyang", file, old, old.replace("2023-01-01", "2022-12-31"))
    ratio = "- {name: chronic.ratio, clause: ratio"

    assert (
        f"{place('mianyang', file, ratio)}：“chronic.ratio”的同一格（2022-12-31 起 {OF_MIANYANG} chronic_count=0）已由 "
        f"{place('mianyang', 'mianyang-chronic-2022.yaml', ratio)} 的“chronic.ratio”给出。[policy.unique]"
    ) in found
    assert all(line.endswith("[policy.unique]") for line in found)


def test_a_rule_of_the_city_on_one_day_twice_is_named() -> None:
    file = "hangzhou-contributions.yaml"
    old = "clause: base, until: 2022-01-01, value: payroll_of_month"
    found, _ = sown("hangzhou", file, old, old.replace("2022-01-01", "2022-01-02"))

    assert found == [
        f"{place('hangzhou', file, 'clause: base, from: 2022-01-01')}：“contribution.employer_base”同日已由 "
        f"{place('hangzhou', file, old)} 给出。[policy.unique]"
    ]


def test_a_gradient_between_places_is_named() -> None:
    old = "order: [same_pool, same_province, other_province]"
    found, where = sown(
        "wenzhou", "wenzhou-pooling-2022.yaml", old, "order: [other_province, same_province, same_pool]"
    )

    assert found[0] == (
        f"{place('wenzhou', WENZHOU, 'employee: {primary: 75%, secondary: 65%')}：“outpatient.ratio”在 {CELL_2022} "
        f"outpatient primary same_pool filing=no signed=no chronic_count=0 为 75%，高于 same_province 的 70%，"
        f"与{OF_2022}的梯度（other_province ≥ same_province ≥ same_pool，{where}）不符。[policy.gradient]"
    )


def test_a_broken_floor_names_the_value_the_cell_and_the_clause() -> None:
    old = "clause: marginal, for: {relief: marginal}, value: 60%}\n- {name: relief.ratio, clause: others"
    [message], where = sown("wenzhou", RELIEF, old, old.replace("60%", "59.5%"))

    assert message.startswith(f"{where}：“relief.ratio”在 2022-01-01 起 wenzhou employee/in_service marginal")
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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: 10.8%, of: 1000000.00元", "value: 10.7%, of: 1000000.00元",
         "例子“桐庐统筹前：十万八千元”的 contribution.employer_rate 应为 10.7%，实为 10.8%。"),
        ("gives: 108000.00元", "gives: 108000.01元", "例子“桐庐统筹前：十万八千元”应为 108000.01，算出 108000.00。"),
        ("on: 2021-12-31, pool: tonglu", "on: 2022-01-01, pool: tonglu",
         "例子“桐庐统筹前：十万八千元”不能计算：2022-01-01 没有参数“contribution.employer_rate”的值（pool=tonglu）。"),
    ],
)  # fmt: skip
def test_an_example_of_a_rule_that_does_not_come_out_is_named_with_its_line(old: str, new: str, said: str) -> None:
    packs, name = files("hangzhou"), "hangzhou-contributions.yaml"
    line = line_of(packs[name], old)
    packs[name] = packs[name].replace(old, new)
    [fault] = examples.failing(load_bytes(bundle("hangzhou", packs)))

    assert str(fault) == f"hangzhou/{name} 第 {line} 行：{said}[policy.example]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", gives: 108000.00元", "", "of 与 gives 要写就一起写。[policy.format]"),
        ("value: payroll_of_month}}", "value: payroll_of_month, of: 1元, gives: 1元}}",
         "“单位缴费基数的算法”不是比例，算不出金额。[policy.unit]"),
        ("name: premium.personal, on: 2022-01-01", "name: premium.person, on: 2022-01-01",
         "不认识的参数“premium.person”。[policy.unknown_name]"),
        ("gives: 108000.00元", "gives: 108000.00", "“gives”应为金额，如 120.00元。[policy.unit]"),
    ],
)  # fmt: skip
def test_an_example_of_a_rule_that_makes_no_sense_is_refused(old: str, new: str, said: str) -> None:
    found, where = sown("hangzhou", "hangzhou-contributions.yaml", old, new)

    assert found == [f"{where}：{said}"]


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
    [message], _ = sown(
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
