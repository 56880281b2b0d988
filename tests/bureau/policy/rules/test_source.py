"""What a drafter may type, whatever it is, is read as data or refused at its line."""

from __future__ import annotations

import pytest

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import source

LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[" * 100_000, 1),
        ("a: b\nc: " + "{d: " * 100_000, 2),
        ("\n".join("  " * depth + "a:" for depth in range(1000)), 13),
        ("- " * 5_000, 1),
        ("a: &a [*a]\n", 1),
        ("a: 1\nb: *nothing\n", 2),
        (LAUGHS, 1),
        ("a: !!python/object/apply:os.system &x ['true']\n", 1),
        ("a: b\nc: d\x01\n", 2),
        ("a: b\nc: d\x7f\n", 2),
    ],
    ids=["lists", "mappings", "blocks", "dashes", "itself", "nothing", "laughs", "object", "control", "delete"],
)
def test_what_would_end_the_process_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(BusinessError, match=rf"policy\.yaml.*|第 {line} 行") as refused:
        source.read("a.yaml", text)
    assert f"{line}" in refused.value.message


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [x]", "!!python/name:os.system x", "!!binary x"])
def test_a_tag_makes_no_object(tag: str) -> None:
    """Every value stays the text that was typed."""
    node = source.read("a.yaml", f"a: {tag}\n").mapping("a")["a"]
    assert "x" in (node.text or "", *(item.text for item in node.items or ()))
