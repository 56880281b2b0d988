"""Fields of what institutions send: texts stay texts, amounts are written out, and what nobody asked for is refused."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rest_framework import serializers

from bureau.console.api import Refused

_PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")


class Text(serializers.Field):
    """A text of one line, never a number or a truth that looks like one; `pattern` says how it must be written."""

    default_error_messages: ClassVar = {
        "kind": "须为文字，并加引号。",
        "length": "须为 1 至 {longest} 个字。",
        "signs": "含有换行等控制字符。",
        "pattern": "{hint}",
    }

    def __init__(self, *, longest: int = 60, pattern: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.hint = longest, hint
        self.pattern = re.compile(pattern, re.ASCII) if pattern else None

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("kind")
        if not 1 <= len(data) <= self.longest:
            self.fail("length", longest=self.longest)
        if not _PLAIN.fullmatch(data):
            self.fail("signs")
        if self.pattern is not None and not self.pattern.fullmatch(data):
            self.fail("pattern", hint=self.hint)
        return str(data)


class Amount(Text):
    """Yuan as "123.45": a text, so that no reader makes a binary fraction of it; two decimals, no sign."""

    def __init__(self, **kwargs: Any) -> None:
        hint = '金额须写成 "123.45" 的样子：加引号，正好两位小数。'
        super().__init__(longest=12, pattern=r"(0|[1-9]\d{0,8})\.\d{2}", hint=hint, **kwargs)


class Truth(serializers.Field):
    """true or false and nothing that might mean it."""

    default_error_messages: ClassVar = {"kind": "须为 true 或 false。"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("kind")
        return bool(data)


class Body(serializers.Serializer):
    """An object with these fields and no others."""

    default_error_messages: ClassVar = {"invalid": "须为一个对象。", "unknown": "没有这个字段。"}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({unknown[0][:40]: [self.error_messages["unknown"]]})
        return super().to_internal_value(data)


def checked(kind: type[Body], data: Any) -> dict[str, Any]:
    """The body as it should be, or the first thing that is wrong with it and where."""
    body = kind(data=data)
    if body.is_valid():
        return dict(body.validated_data)
    where, message = _first(body.errors, "")
    raise Refused(400, "api.field", message, where)


def _first(errors: Any, where: str) -> tuple[str, str]:
    """Along names and places to the first sentence."""
    if isinstance(errors, dict):
        name, held = next(iter(errors.items()))
        # A list tells its places as numbers.
        step = "" if name == "non_field_errors" else f"[{name}]" if isinstance(name, int) else f".{name}"
        return _first(held, f"{where}{step}".lstrip("."))
    if isinstance(errors, list):
        place, held = next((place, held) for place, held in enumerate(errors) if held)
        return (where, str(held)) if isinstance(held, str) else _first(held, f"{where}[{place}]")
    return where, str(errors)
