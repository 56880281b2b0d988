"""What a visitor is told at the end: the months in yuan, what waits for whom, and who they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from bureau.demo.city import JUNE, MONTHS
from bureau.demo.staff import ACCOUNTS, PASSWORD
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.kernel.terms import Fund
from bureau.organization.selectors.staff import staff_named
from bureau.policy.selectors import releases
from bureau.policy.terms import ReleaseStage
from bureau.trail.terms import BatchStage
from claims.selectors import claims, settlements
from claims.terms import SettlementStage
from relief.selectors import rosters

SHOWN = str(Month.of(MONTHS[-1]))


def lines() -> Iterator[str]:
    """The whole summary, line by line."""
    yield "各月结算（元）"
    yield from _table(("月份", "状态", "机构", "单据", "应付", "扣款", "保证金", "实付", "指纹"), _months())
    yield ""
    yield f"{SHOWN} 按基金（元）"
    yield from _table(("基金", "应付", "扣款", "保证金", "实付"), _funds())
    yield ""
    yield "等着办的事"
    yield from _waiting()
    yield ""
    yield f"演示账号（密码均为 {PASSWORD}）"
    yield from _table(
        ("用户名", "岗位", "看什么"),
        [(one.username, "、".join(duty.label for duty in one.duties), one.look) for one in ACCOUNTS],
    )


def _months() -> list[tuple[str, ...]]:
    found = [settlements.run_for(str(Month.of(first))) for first in MONTHS]
    reports = [settlements.report(run) for run in found if run is not None]
    return [
        (
            one.month,
            SettlementStage.label_of(one.stage),
            str(one.institutions),
            str(one.claims),
            one.due,
            one.deducted,
            one.withheld,
            one.payable,
            one.sha256[:12],
        )
        for one in reports
    ]


def _funds() -> list[tuple[str, ...]]:
    run = settlements.run_for(SHOWN)
    if run is None:
        return []
    by_fund = settlements.report(run).by_fund
    return [
        (Fund.label_of(fund), amounts["due"], amounts["deducted"], amounts["withheld"], amounts["payable"])
        for fund, amounts in by_fund.items()
    ]


def _waiting() -> Iterator[str]:
    for username, stage, verb in (
        ("relief-youxian", BatchStage.HAS_ERRORS, "处理异常"),
        ("relief-check-youxian", BatchStage.READY, "复核"),
    ):
        by = staff_named(username)
        for batch in rosters.waiting(by, stage) if by else ():
            rows, errors = batch.counts["rows"], batch.counts["errors"]
            yield f"  {username}：{batch.file_name} {verb}（{rows} 行，异常 {errors} 行）"
    for release in releases.waiting_in(ReleaseStage.SUBMITTED):
        yield f"  policy-check-city：{release}待逐处核对（{release.note}）"
    if settlements.run_for(SHOWN) is not None and (left_out := claims.left_out(SHOWN)):
        yield f"  review1-youxian：{left_out} 张单据不能核算，未纳入 {SHOWN} 结算"
    if settlements.run_for(str(Month.of(JUNE))) is None:
        yield f"  finance-city：{Month.of(JUNE)} 的单据已开始申报，可以结算"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(_width(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        yield "  " + "  ".join(_cell(text, width) for text, width in zip(row, widths, strict=True)).rstrip()


def _cell(text: str, width: int) -> str:
    blank = " " * (width - _width(text))
    return blank + text if text.replace(".", "").isdigit() else text + blank


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def require_built() -> None:
    """Refuse to sum up what is not there."""
    if settlements.run_for(str(Month.of(MONTHS[0]))) is None:
        raise BusinessError("demo.missing", "还没有演示城市，请先执行 demo_city。")
