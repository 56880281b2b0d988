"""Whatever `docs/security*.md` names as shown by a test is there: the file, and the class or function in it."""

from __future__ import annotations

import re

from tests.conftest import CHECKOUT

PAGES = sorted((CHECKOUT / "docs").glob("security*.md"))
PATH = re.compile(r"`(tests/[\w/]+\.py)`")
NAME = re.compile(r"\b(Test[A-Z]\w+)|`(test_\w+)(…?)`|`(?:Test\w+ )?…(\w+)`")


def test_every_path_exists() -> None:
    named = {path for page in PAGES for path in PATH.findall(page.read_text(encoding="utf-8"))}

    assert len(named) >= 25
    assert {path for path in named if not (CHECKOUT / path).is_file()} == set()


def test_every_class_and_function_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py"))
    missing = []
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            for name, function, is_cut, end in NAME.findall(line):
                wanted = name or function or end
                pattern = rf"(class|def) {wanted}" if is_cut else rf"(class|def) \w*{wanted}\b"
                if not re.search(pattern, source):
                    missing.append(f"{page.name}: {wanted}")
    assert missing == []
