"""What opens a way for foreign text to become code, markup, a command, a query or a call: not there, or listed here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bureau.celery import app
from tests.conftest import CHECKOUT

APPS = ("bureau", "enrollment", "institutions", "relief", "claims")
# Starts the servers of a developer's machine with arguments as lists; nothing in it comes from a request.
LAUNCHER = "bureau.launcher"
CODE = {"eval", "exec", "compile", "__import__", "globals", "breakpoint", "input"}
# Code out of data; other machines; shells; readers of XML, which might follow what a file tells them.
MODULES = {
    *("pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle", "code", "ctypes", "runpy"),
    *("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "socket", "smtplib", "imaplib"),
    *("ftplib", "telnetlib", "ldap", "ldap3", "memcache", "pymemcache", "django.core.mail"),
    *("subprocess", "pty", "pexpect", "paramiko"),
    *("xml", "lxml", "xmlrpc", "plistlib", "openpyxl"),
}
SHELLS = {"system", "popen", "spawnl", "spawnv", "execl", "execv", "execve", "execvp"}
# Templates are files: none is built from a text.
TEMPLATES = {"from_string", "Template"}
MARKED_SAFE = {
    "bureau.console.templatetags.portal": "blocks of panels, each a rendered template",
    "bureau.console.door": "the QR code, drawn by segno",
}
# Statements that are put together: of names of tables and columns that stand in our models, never of what was sent.
COMPOSED = {
    "bureau.fields.rotation": "columns of our encrypted fields",
    "bureau.fields.converting": "tables and columns of a migration",
    "bureau.launcher.roles": "names of roles, as identifiers of psycopg.sql",
    "claims.selectors.versions": "the columns of amounts",
    "relief.services.rows": "the columns of a roster's rows",
}
# Patterns and phrases that are no constant of the module itself.
DECLARED = {
    "bureau.console.api_bodies": "the pattern of a field, declared with it",
    "claims.rules.letter": "phrases, one for each kind of amount",
}
SCRIPTS = sorted(path for app in APPS for path in (CHECKOUT / app).rglob("static/**/*.js"))
PAGES = sorted((CHECKOUT / "templates").rglob("*.html"))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app_name in APPS:
        for path in sorted((CHECKOUT / app_name).rglob("*.py")):
            name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """What is called, on what, and the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            of = named(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            yield named(node.func), of, node


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_dangerous(name: str) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:length]) in MODULES for length in range(1, len(parts) + 1))


def test_no_text_becomes_code_and_nobody_else_is_called() -> None:
    found = set()
    for name, tree in modules():
        if name.startswith(LAUNCHER):
            continue
        found |= {f"{name}: {one}" for one in imported(tree) if is_dangerous(one)}
        for called, of, _ in calls(tree):
            if (called in CODE and not of) or (called in SHELLS and of == "os") or called in TEMPLATES:
                found.add(f"{name}: {of}.{called}()")
    assert found == set()


def test_no_command_goes_through_a_shell() -> None:
    shells = [
        name
        for name, tree in modules()
        for _, _, call in calls(tree)
        if any(word.arg == "shell" and getattr(word.value, "value", True) for word in call.keywords)
    ]
    assert shells == []


def test_statements_are_whole_and_what_is_asked_with_goes_beside_them() -> None:
    composed = set()
    for name, tree in modules():
        parts = set(name.split("."))
        if "migrations" in parts:
            continue
        for called, _, call in calls(tree):
            is_statement = called in {"execute", "executemany", "RawSQL", "raw", "copy", "extra"} and call.args
            if is_statement and is_put_together(call.args[0], tree):
                composed.add(name)
    assert composed == set(COMPOSED)


def is_put_together(statement: ast.expr, tree: ast.AST) -> bool:
    """An f-string, a sum, a format; also where the name given was made so."""
    if isinstance(statement, ast.Name):
        made = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and any(named(target) == statement.id for target in node.targets)
        ]
        return any(is_put_together(value, ast.Module([], [])) for value in made)
    if isinstance(statement, ast.Call):
        return named(statement.func) in {"format", "join", "replace"}
    return isinstance(statement, ast.JoinedStr | ast.BinOp)


def test_markup_is_made_by_templates_and_format_html() -> None:
    marking = {name for name, tree in modules() if any(called == "mark_safe" for called, _, _ in calls(tree))}
    switching = re.compile(
        r"\|\s*(safe|safeseq)\b|autoescape\s+off|<script(?![^>]*\bsrc=)|\son[a-z]+=[\"']|javascript:"
    )

    assert marking == set(MARKED_SAFE)
    assert len(PAGES) > 50
    assert [path.name for path in PAGES if switching.search(path.read_text(encoding="utf-8"))] == []


def test_attributes_of_pages_stand_in_quotes() -> None:
    """A value without quotes could end itself by a blank."""
    bare = re.compile(r"<[a-z][^<>]*\s[a-z-]+=\{\{")
    assert [path.name for path in PAGES if bare.search(path.read_text(encoding="utf-8"))] == []


def test_patterns_and_phrases_stand_in_the_code() -> None:
    """Neither a regular expression nor a format string is made of what was sent."""
    loose = set()
    for name, tree in modules():
        for called, of, call in calls(tree):
            is_pattern = of == "re" and called != "escape"
            if is_pattern and not is_of_constants(call.args[0]):
                loose.add(name)
            if called == "format" and isinstance(call.func, ast.Attribute) and not is_of_constants(call.func.value):
                loose.add(name)
    assert loose == set(DECLARED)


def is_of_constants(text: ast.expr) -> bool:
    """A literal, a constant of a module, or both together; `sql.SQL` quotes, and a handler formats lines."""
    if isinstance(text, ast.Constant):
        return True
    if isinstance(text, ast.JoinedStr):
        parts = [part.value for part in text.values if isinstance(part, ast.FormattedValue)]
        return all(is_of_constants(part) for part in parts)
    if isinstance(text, ast.BinOp):
        return is_of_constants(text.left) and is_of_constants(text.right)
    if isinstance(text, ast.Call):
        return named(text.func) in {"SQL", "super"}
    return named(text).strip("_").isupper()


def test_format_html_formats_what_stands_in_the_code() -> None:
    """The first argument is the markup itself, so whatever comes later is escaped."""
    loose = [
        name
        for name, tree in modules()
        for called, _, call in calls(tree)
        if called in {"format_html", "format_html_join"}
        and not all(
            isinstance(one, ast.Constant) or named(one).isupper() for one in call.args[: 1 + called.count("join")]
        )
    ]
    assert loose == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup_and_know_no_other_window(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|\"message\""
    forbidden += r"|WebSocket|RTCPeer|__proto__|constructor\[|Object\.assign|sessionStorage|indexedDB|document\.cookie"
    assert re.findall(forbidden, text) == []
    # The folded navigation is all that a browser keeps.
    assert set(re.findall(r"localStorage\.\w+\(\"([^\"]+)\"", text)) <= {"portal.nav"}
    assert text.count("localStorage") == len(re.findall(r"localStorage\.\w+\(\"portal\.nav\"", text))


def test_there_are_scripts_to_look_at() -> None:
    assert {path.name for path in SCRIPTS} >= {"portal.js", "live.js", "live_check.js"}


def test_messages_and_sessions_are_json_and_nothing_else() -> None:
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert (app.conf.accept_content, app.conf.task_serializer, app.conf.event_serializer) == (["json"], "json", "json")
    assert set(settings.CACHES) == {"default"} and "locmem" in settings.CACHES["default"]["BACKEND"]
