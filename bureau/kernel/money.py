"""Money is integer fen (分), a ratio is integer basis points; this is the only place that rounds or converts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bureau.kernel.errors import BusinessError

BASIS_POINTS = 10_000
# Nine hundred billion yuan: far above any fund, and exact in 64-bit arithmetic with one ratio applied.
MAX_FEN = 90_000_000_000_000

# ASCII digits only: `\d` and `int` would accept those of every script. Commas stand before groups of three.
_YUAN = re.compile(r"(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2})(0*))?")
_TOO_PRECISE = re.compile(r"-?[0-9,]{1,15}\.[0-9]+")


def round_half_up(base: int, ratio: int) -> int:
    """`base` fen times `ratio` basis points, rounded half up to the fen; both non-negative."""
    return (base * ratio + 5_000) // 10_000


def parse_yuan(text: str) -> int:
    """Yuan as written in a file ("1234.50", "1,234.5") to fen, exactly; or `money.not_exact|not_a_number|too_large`."""
    cleaned = text.strip().replace("，", ",")
    shown = text.strip()[:30]
    match = _YUAN.fullmatch(cleaned)
    if match is None:
        if _TOO_PRECISE.fullmatch(cleaned):
            raise BusinessError("money.not_exact", f"金额“{shown}”多于两位小数，请写到分。")
        raise BusinessError("money.not_a_number", f"“{shown}”不是金额，请写成 1234.56 的样子。")
    sign, yuan, cents, _ = match.groups()
    fen = int(yuan.replace(",", "")) * 100 + int((cents or "").ljust(2, "0"))
    if fen > MAX_FEN:
        raise BusinessError("money.too_large", f"金额“{shown}”过大，请核对。")
    return -fen if sign else fen


def format_yuan(fen: int, *, grouped: bool = False) -> str:
    """Fen to yuan with two decimals: "-1234.56", grouped "1,234.56"."""
    yuan, cents = divmod(abs(fen), 100)
    body = f"{yuan:,}" if grouped else str(yuan)
    return f"{'-' if fen < 0 else ''}{body}.{cents:02d}"


def format_ratio(ratio: int) -> str:
    """Basis points to a percentage without superfluous zeros: 7550 → "75.5%"."""
    whole, rest = divmod(abs(ratio), 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if ratio < 0 else ''}{whole}{decimals}%"


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` fen by `weights`, largest remainder first; the parts add up, ties go to the earlier part."""
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("a total and weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        raise ValueError("at least one weight must be positive")
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")


def capital_yuan(fen: int) -> str:
    """An amount in the capitals of vouchers (大写金额): 1234500 → "壹万贰仟叁佰肆拾伍元整"."""
    yuan, cents = divmod(abs(fen), 100)
    jiao, last = divmod(cents, 10)
    whole = f"{_capital_whole(yuan)}元" if yuan or not cents else ""
    if not cents:
        rest = "整"
    elif not last:
        rest = f"{_DIGITS[jiao]}角整"
    else:
        tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
        rest = f"{tenths}{_DIGITS[last]}分"
    return f"{'负' if fen < 0 else ''}{whole}{rest}"


def _capital_whole(number: int) -> str:
    """A whole number in sections of four digits; a gap of zeros is read as one 零."""
    written, is_gap = "", False
    sections = []
    while number:
        number, section = divmod(number, 10_000)
        sections.append(section)
    for index in range(len(sections) - 1, -1, -1):
        section = sections[index]
        if section == 0:
            is_gap = bool(written)
            continue
        if written and (is_gap or section < 1_000):
            written += "零"
        written += _capital_section(section) + _SECTIONS[index]
        is_gap = False
    return written or "零"


def _capital_section(section: int) -> str:
    written = ""
    for place in range(3, -1, -1):
        digit = section // 10**place % 10
        if digit:
            written += _DIGITS[digit] + _PLACES[place]
        elif written and not written.endswith("零"):
            written += "零"
    return written.rstrip("零")
