"""YAML as text with line numbers: every scalar stays the string that a person wrote, no key stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from bureau.policy.rules.faults import Place, fail

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = {"", "null", "~"}
# Twice as deep as any document of the law; a parser that calls itself ends the whole process at some depth.
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a list or a mapping of a pack, and where it stands; `span` is its first and last+1 character."""

    place: Place
    text: str | None = None
    items: tuple[Node, ...] | None = None
    entries: dict[str, Node] | None = None
    span: tuple[int, int] = (0, 0)

    def scalar(self) -> str:
        """The text of a scalar."""
        if self.text is None:
            raise fail("policy.format", self.place, "这里应为一个值。")
        return self.text

    def list(self) -> tuple[Node, ...]:
        """The items of a list."""
        if self.items is None:
            raise fail("policy.format", self.place, "这里应为列表。")
        return self.items

    def mapping(self, *known: str) -> dict[str, Node]:
        """The entries of a mapping; with `known` given, any other key is a fault."""
        if self.entries is None:
            raise fail("policy.format", self.place, "这里应为键和值。")
        if known:
            for key, node in self.entries.items():
                if key not in known:
                    raise fail("policy.unknown_key", node.place, f"不认识的键“{key}”，可用：{'、'.join(known)}。")
        return self.entries

    def child(self, key: str) -> Node:
        """An entry that must be there."""
        entries = self.mapping()
        if key not in entries:
            raise fail("policy.missing_key", self.place, f"缺少“{key}”。")
        return entries[key]

    def words(self) -> tuple[str, ...]:
        """A scalar or a list of scalars."""
        if self.items is not None:
            return tuple(item.scalar() for item in self.items)
        return (self.scalar(),)

    def is_nothing(self) -> bool:
        """Whether this is a written absence (`null`)."""
        return self.text is not None and self.text in _NOTHING

    def day(self) -> date:
        """An ISO day."""
        text = self.scalar()
        try:
            if len(text) != len("2023-01-01"):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            raise fail("policy.date", self.place, f"“{text}”不是日期，请写成 2023-01-01。") from None

    def flag(self) -> bool:
        """`true` or `false`."""
        text = self.scalar()
        if text not in ("true", "false"):
            raise fail("policy.format", self.place, f"“{text}”应为 true 或 false。")
        return text == "true"


def read(file: str, text: str) -> Node:
    """The one document of a pack file."""
    try:
        _check_shape(file, text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise fail("policy.yaml", Place(file, line), f"不是正确的 YAML：{error.problem}。") from None
    except yaml.reader.ReaderError as error:
        line = text[: text.find(chr(error.character))].count("\n") + 1
        raise fail("policy.yaml", Place(file, line), "含有不能识别的字符（控制字符）。") from None
    if root is None:
        raise fail("policy.yaml", Place(file, 1), "文件是空的。")
    return _convert(file, root)


def _check_shape(file: str, text: str) -> None:
    """Neither too deep nor with references, by which a few lines become millions of values."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = Place(file, event.start_mark.line + 1 if event.start_mark else 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise fail("policy.yaml", place, "不接受引用（& 和 *），请把值写出来。")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise fail("policy.yaml", place, f"嵌套超过 {DEEPEST} 层。")


def _convert(file: str, node: Any) -> Node:
    place = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return Node(place, text=str(node.value), span=(node.start_mark.index, node.end_mark.index))
    if isinstance(node, yaml.SequenceNode):
        return Node(place, items=tuple(_convert(file, item) for item in node.value))
    return Node(place, entries=dict(_entries(file, node)))


def _entries(file: str, node: Any) -> Iterator[tuple[str, Node]]:
    seen: set[str] = set()
    for key, value in node.value:
        place = Place(file, key.start_mark.line + 1)
        if not isinstance(key, yaml.ScalarNode):
            raise fail("policy.format", place, "键应为文字。")
        if key.value in seen:
            raise fail("policy.duplicate_key", place, f"键“{key.value}”写了两次。")
        seen.add(key.value)
        yield str(key.value), _convert(file, value)
