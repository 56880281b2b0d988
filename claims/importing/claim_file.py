"""A month's claim file of one institution, read to clean rows; `docs/claim-file.md` describes the columns.

What a row says is judged here by itself; what must be compared with people, agreements and other claims is judged by
`claims.rules.intake`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import parse_yuan
from bureau.kernel.sheets import Column, Row, read_sheet
from bureau.kernel.terms import Care

NUMBER: Final = "number"
ID_NUMBER: Final = "id_number"
NAME: Final = "name"
SERVICE_DATE: Final = "service_date"
CARE: Final = "care"
TOTAL: Final = "total"
EXCLUDED: Final = "excluded"
OVER_CEILING: Final = "over_ceiling"
UPFRONT_COPAY: Final = "upfront_copay"
CARE_AREA: Final = "care_area"
FILING: Final = "filing"

COLUMNS = (
    Column(NUMBER, ("单据号", "费用单据号", "结算单据号", "claim_number", "claim_id"), required=True),
    Column(ID_NUMBER, ("身份证号", "身份证号码", "公民身份号码", "证件号码", "id_number"), required=True),
    Column(NAME, ("姓名", "参保人姓名", "name"), required=True),
    Column(SERVICE_DATE, ("就医日期", "出院日期", "费用日期", "service_date"), required=True),
    Column(CARE, ("医疗类别", "care"), required=True),
    Column(TOTAL, ("医疗费总额", "费用总额", "total"), required=True),
    Column(EXCLUDED, ("全自费", "全自费金额", "excluded")),
    Column(OVER_CEILING, ("超限价", "超限价金额", "over_ceiling")),
    Column(UPFRONT_COPAY, ("先行自付", "先行自付金额", "upfront_copay")),
    Column(CARE_AREA, ("就医地", "就医地区划", "care_area")),
    Column(FILING, ("异地备案", "备案", "filing")),
)
LABELS = {column.name: column.aliases[0] for column in COLUMNS}
MAX_NUMBER = 40
# A claim of more than ten million yuan is a slip of the pen.
MAX_AMOUNT = 1_000_000_000

_CARES = {**{care.value: care for care in Care}, **{care.label: care for care in Care}}
_YES_NO = {"是": True, "yes": True, "已备案": True, "否": False, "no": False, "未备案": False, "": False}
_AMOUNTS = (TOTAL, EXCLUDED, OVER_CEILING, UPFRONT_COPAY)


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One claim as filed; amounts in fen, `care_area` empty where the file leaves it to the institution's own."""

    line: int
    number: str
    id_number: str
    name: str
    service_date: date
    care: Care
    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int
    care_area: str
    is_filed: bool


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot become a claim, and why; `raw` carries no ID digits."""

    line: int
    number: str
    column: str
    code: str
    message: str
    raw: dict[str, str]


def read(content: bytes, *, today: date) -> tuple[list[CleanRow], list[BadRow]]:
    """Every row of the file, each judged by itself; raises `sheets.*` where there is no table to read."""
    clean: list[CleanRow] = []
    bad: list[BadRow] = []
    for row in read_sheet(content, COLUMNS).rows:
        try:
            clean.append(_clean(row, today))
        except _Refused as refused:
            bad.append(
                BadRow(
                    line=row.line,
                    number=row.text(NUMBER).strip()[:MAX_NUMBER],
                    column=LABELS[refused.column],
                    code=refused.code,
                    message=refused.message,
                    raw=_raw(row),
                )
            )
    return clean, bad


class _Refused(Exception):
    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code, self.message = column, code, message


def _clean(row: Row, today: date) -> CleanRow:
    amounts = {name: _amount(row, name) for name in _AMOUNTS}
    parts = amounts[EXCLUDED] + amounts[OVER_CEILING] + amounts[UPFRONT_COPAY]
    if parts > amounts[TOTAL]:
        raise _Refused(TOTAL, "parts_exceed_total", "全自费、超限价、先行自付之和大于医疗费总额，请核对。")
    return CleanRow(
        line=row.line,
        number=_number(row),
        id_number=_id_number(row, today),
        name=_name(row),
        service_date=_service_date(row),
        care=_care(row),
        total=amounts[TOTAL],
        excluded=amounts[EXCLUDED],
        over_ceiling=amounts[OVER_CEILING],
        upfront_copay=amounts[UPFRONT_COPAY],
        care_area=_care_area(row),
        is_filed=_is_filed(row),
    )


def _number(row: Row) -> str:
    number = row.text(NUMBER).strip()
    if not number:
        raise _Refused(NUMBER, "number_missing", "没有单据号，请补填。")
    if len(number) > MAX_NUMBER:
        raise _Refused(NUMBER, "number_too_long", f"单据号超过 {MAX_NUMBER} 个字符。")
    return number


def _id_number(row: Row, today: date) -> str:
    cell = row.cells[ID_NUMBER]
    if cell.is_number:
        raise _Refused(ID_NUMBER, "id_numeric_cell", "身份证号是数字格式，末几位可能已丢失，请改为文本后重新填写。")
    try:
        return identity.read_id(cell.text, today=today).value
    except BusinessError as error:
        raise _Refused(ID_NUMBER, f"id_{error.code.rpartition('.')[2]}", error.message) from None


def _name(row: Row) -> str:
    name = identity.repair_name(row.text(NAME)).value
    if not name:
        raise _Refused(NAME, "name_missing", "没有姓名，请补填。")
    return name


def _service_date(row: Row) -> date:
    text = row.text(SERVICE_DATE).strip()
    try:
        return date.fromisoformat(text.replace("/", "-").replace("年", "-").replace("月", "-").removesuffix("日"))
    except ValueError:
        raise _Refused(
            SERVICE_DATE, "service_date_invalid", f"“{text[:20]}”不是日期，请写成 2023-05-01 的样子。"
        ) from None


def _care(row: Row) -> Care:
    text = row.text(CARE).strip()
    if text not in _CARES:
        raise _Refused(
            CARE, "care_unknown", f"不认识医疗类别“{text[:20]}”，可用：{'、'.join(care.label for care in Care)}。"
        )
    return _CARES[text]


def _amount(row: Row, column: str) -> int:
    text = row.text(column).strip()
    if not text and column != TOTAL:
        return 0
    try:
        amount = parse_yuan(text)
    except BusinessError as error:
        code = "amount_not_exact" if error.code == "money.not_exact" else "amount_invalid"
        raise _Refused(column, code, error.message) from None
    if amount < 0:
        raise _Refused(column, "amount_negative", "金额不得为负；冲正请另行办理。")
    if amount > MAX_AMOUNT:
        raise _Refused(column, "amount_too_large", "金额超过一千万元，请核对。")
    return amount


def _care_area(row: Row) -> str:
    text = row.text(CARE_AREA).strip()
    if text and not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise _Refused(CARE_AREA, "care_area_invalid", f"就医地“{text[:20]}”应为 6 位区划代码。")
    return text


def _is_filed(row: Row) -> bool:
    text = row.text(FILING).strip().lower()
    if text not in _YES_NO:
        raise _Refused(FILING, "filing_invalid", f"备案“{text[:20]}”应为 是 或 否。")
    return _YES_NO[text]


def _raw(row: Row) -> dict[str, str]:
    # Where a column slipped, a number stands in any cell.
    written = {LABELS[name]: identity.mask_within(cell.text[:100]) for name, cell in row.cells.items()}
    return {**written, LABELS[ID_NUMBER]: identity.mask_id(row.text(ID_NUMBER).strip()[:20])}


def raw_of(row: CleanRow) -> dict[str, str]:
    """A clean row that was refused later, as it is kept."""
    return {
        LABELS[NUMBER]: identity.mask_within(row.number),
        LABELS[ID_NUMBER]: identity.mask_id(row.id_number),
        LABELS[NAME]: row.name,
        LABELS[SERVICE_DATE]: row.service_date.isoformat(),
        LABELS[CARE]: row.care.label,
    }
