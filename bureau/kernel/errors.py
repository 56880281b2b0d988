"""The one family of errors that staff read: a stable code and a Chinese sentence."""

from __future__ import annotations


class BusinessError(Exception):
    """A refusal that a caseworker can act on.

    `code` is stable and dotted (`relief.batch_has_errors`); `message` says in Chinese where, what and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message}[{code}]")
        self.code = code
        self.message = message
