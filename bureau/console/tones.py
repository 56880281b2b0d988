"""Which tone a state has. Five tones; the word beside it always says the same."""

from __future__ import annotations

_BY_CODE = {
    "done": "applied confirmed approved settled archived active published in_force enrolled accepted explained",
    "active": "checking computing open ready sealed paying exported adjudicated new ordered draft submitted checked",
    "look": "has_errors changed held exited waiting suspended partly_revoked returned not_yet",
    "bad": "failed error refused overdue terminated denied",
    "over": "revoked canceled superseded ended unchanged expired withdrawn none",
}
_TONES = {code: tone for tone, codes in _BY_CODE.items() for code in codes.split()}


def of(code: str) -> str:
    """The tone of a stored code; plain where nothing is known of it."""
    return _TONES.get(code, "plain")
