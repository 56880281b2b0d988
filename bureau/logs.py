"""What no log line may hold: ID numbers, telephones, account numbers. They are hidden wherever a line came from.

The last thing before a line is written, tracebacks and the database's own error details included.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

# ID numbers (old ones of fifteen digits too) and accounts; mobile telephones. A hidden serial number does no harm.
_DIGITS = re.compile(r"(?<![0-9])(?:[1-9][0-9]{14,18}[Xx]?|1[3-9][0-9]{9})(?![0-9])")
_CONTROL = {code: f"\\x{code:02x}" for code in [*range(9), *range(11, 32), 127, 0x2028, 0x2029]}


class Scrubbing(logging.Formatter):
    """Hides long numbers of people, keeps a message on its own lines, and tells the time with its zone."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return _DIGITS.sub("[已隐去]", text).translate(_CONTROL)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """In UTC, as the database keeps it, so that lines of several machines can be laid beside one another."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        # A line break in what somebody typed would forge a second line.
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)
