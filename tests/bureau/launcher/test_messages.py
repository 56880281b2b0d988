"""The web server tells in one way only where a message ends, so that no second one hides in the first."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bureau.launcher.crew import Crew
from bureau.launcher.portal import start_web
from tests.conftest import CHECKOUT

HOST = "127.0.0.1"
HIDDEN = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The portal's own web server; `/healthz` asks neither database nor broker."""
    with socket.create_server((HOST, 0)) as server:
        number: int = server.getsockname()[1]
    logs: Path = tmp_path_factory.mktemp("log")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bureau.settings.local"}
    with Crew(CHECKOUT, environment, logs=logs) as crew:
        start_web(crew, HOST, number, workers=1)
        yield number


def answers(port: int, head: bytes, body: bytes) -> list[bytes]:
    """The status lines that come back until the server has no more to say."""
    with socket.create_connection((HOST, port), timeout=3) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n" + body)
        said = b""
        try:
            while part := connection.recv(4096):
                said += part
        except (TimeoutError, ConnectionResetError):
            pass
    return [line for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (CHUNKED + b"Content-Length: 4\r\n", b"0\r\n\r\n" + HIDDEN),
        (b"Content-Length: 5\r\nContent-Length: 0\r\n", b"0\r\n\r\n" + HIDDEN),
        (b"Content-Length: +5\r\n", b"0\r\n\r\n" + HIDDEN),
        (b"Content-Length: 0x5\r\n", b"0\r\n\r\n" + HIDDEN),
        (b"Content-Length: -1\r\n", HIDDEN),
        (b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n" + HIDDEN),
        (b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + HIDDEN),
        (CHUNKED + CHUNKED, b"0\r\n\r\n" + HIDDEN),
        (b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n" + HIDDEN),
        (CHUNKED, b"0x1\r\na\r\n0\r\n\r\n" + HIDDEN),
        (b"X-Folded: a\r\n Content-Length: 5\r\n", HIDDEN),
    ],
    ids=["both", "two", "plus", "hex", "minus", "identity", "unknown", "twice", "blank", "hex-chunk", "folded"],
)
def test_a_message_whose_end_is_doubtful_hides_no_second_one(port: int, head: bytes, body: bytes) -> None:
    """Refused; a body that nobody asked for is not read, and the connection ends with it."""
    found = [line[9:12] for line in answers(port, head, body)]
    assert found in ([b"400"], [b"501"], []) or (b"0x1" in body and found == [b"200"])


def test_a_message_that_ends_where_it_says_is_answered(port: int) -> None:
    """Without this a server that refuses everything would do."""
    assert [line[9:12] for line in answers(port, b"Connection: close\r\n", b"")] == [b"200"]
    assert [line[9:12] for line in answers(port, b"Content-Length: 3\r\nConnection: close\r\n", b"abc")] == [b"200"]
