"""JSON from outside, read strictly: what two readers could understand differently is refused (RFC 8259 leaves it open).

Refused are doubled names, NaN and Infinity, numbers beyond every amount, NUL and half characters, and what is nested
too deep; each with a stable code.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from bureau.kernel.errors import BusinessError

DEEPEST = 8
_LONGEST_NUMBER = 40
_STEP = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)
_UNSOUND = re.compile("[\0\ud800-\udfff]")


def loads(content: bytes) -> Any:
    """The value, or `json.*`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BusinessError("json.not_utf8", "内容不是 UTF-8 编码的文本。") from None
    # Counted before it is read, so that a hundred thousand brackets never reach a parser that calls itself.
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise BusinessError(
            "json.malformed", f"内容不是 JSON：第 {error.lineno} 行第 {error.colno} 列不能识别。"
        ) from None
    _check_texts(value)
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for found in _STEP.finditer(text):
        sign = found[0]
        if sign in "[{":
            depth += 1
            if depth > DEEPEST:
                raise BusinessError("json.too_deep", f"内容嵌套超过 {DEEPEST} 层。")
        elif sign in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BusinessError("json.doubled", "同一对象里有重复的字段名，不知以哪个为准。")
    return found


def _no_number(text: str) -> NoReturn:
    raise BusinessError("json.no_number", f"{text} 不是 JSON 的数。")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BusinessError("json.number", "数字超出范围。")
    return number


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BusinessError("json.number", "数字超出范围。")
    return int(text)


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if _UNSOUND.search(value):
            raise BusinessError("json.character", "文字里有不能识别的字符（空字符或半个字符）。")
    elif isinstance(value, dict):
        for name, held in value.items():
            _check_texts(name)
            _check_texts(held)
    elif isinstance(value, list):
        for held in value:
            _check_texts(held)
