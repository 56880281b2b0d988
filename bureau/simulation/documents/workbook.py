"""A simulation's report as a workbook: numbers as numbers, every text as text, people by number only."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import xlsxwriter

from bureau.simulation.rules import shown
from bureau.simulation.terms import Part

if TYPE_CHECKING:
    from bureau.simulation.models import Simulation

_FEN = 100
_CHANGE = ("", "对照（元）", "方案（元）", "增减（元）")


def render(simulation: Simulation) -> bytes:
    """All tables of the report, a sheet each."""
    result: dict[str, Any] = simulation.result or {}
    out = io.BytesIO()
    # No text is taken for a formula, a number or a link.
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        _sheet(book, money, "说明", ("项目", "内容"), _about(simulation))
        pairs = [*shown.layers(result["whole"]), *shown.parts(result["whole"])]
        _sheet(book, money, "合计", _CHANGE, (_pair(pair) for pair in pairs))
        for key, title in shown.DIMENSIONS:
            header = (title, "单据", "政策范围内（元）", "待遇对照（元）", "待遇方案（元）", "增减（元）")
            lines = result["dimensions"][key]
            _sheet(book, money, title, header, ((line["label"], line["claims"], *_benefits(line)) for line in lines))
        clause = ("险种", "去处", "金额（元）", "参数", "出处")
        for side, title in (("before", "条款·对照"), ("after", "条款·方案")):
            _sheet(book, money, title, clause, (_clause(line) for line in result["clauses"][side]))
        classes = ((line["label"], line["persons"], _yuan(line["amount"])) for line in result["classes"])
        _sheet(book, money, "变化分布", ("每人年变化", "人年", "金额（元）"), classes)
        losers = ((person, _yuan(loss)) for person, loss in result["losers"])
        _sheet(book, money, "待遇降低", ("人员编号", "多负担（元）"), losers)
    return out.getvalue()


def _sheet(book: Any, money: Any, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(header), 18)
    sheet.write_row(0, 0, header)
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, float):
                sheet.write_number(at, column, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(at, column, cell)
            else:
                sheet.write_string(at, column, str(cell))


def _yuan(fen: int) -> float:
    """For the cell of a spreadsheet only, which knows no other number."""
    return fen / _FEN


def _pair(pair: shown.Pair) -> tuple[object, ...]:
    return pair.label, _yuan(pair.before), _yuan(pair.after), _yuan(pair.change)


def _benefits(line: dict[str, Any]) -> tuple[float, ...]:
    pair = shown.benefits(line)
    return _yuan(line["eligible"]), _yuan(pair.before), _yuan(pair.after), _yuan(pair.change)


def _clause(line: dict[str, Any]) -> tuple[object, ...]:
    part = Part.label_of(line["part"])
    return line["scheme"], part, _yuan(line["amount"]), "、".join(line["parameters"]), "；".join(line["places"])


def _about(simulation: Simulation) -> list[tuple[str, str]]:
    scenario, snapshot = simulation.scenario, simulation.snapshot
    return [
        ("方案", scenario.name),
        ("单据", f"{snapshot.name}，{snapshot.claims} 张，{snapshot.persons} 人"),
        ("虚构数据", "是" if snapshot.is_synthetic else "否"),
        ("快照指纹", snapshot.sha256),
        ("对照政策指纹", scenario.base_sha256),
        ("方案政策指纹", scenario.sha256),
        ("程序指纹", simulation.code_version),
        ("结果指纹", simulation.sha256),
        ("待遇降低", f"只列降低最多的 {len((simulation.result or {}).get('losers', []))} 人"),
    ]
