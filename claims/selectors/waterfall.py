"""The explanation of a stored adjudication, read back from its trace with the law it was computed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.policy.selectors import rulesets
from claims.rules.person_year import steps_of

if TYPE_CHECKING:
    from bureau.kernel.trace import Step
    from claims.models import Adjudication


def steps(adjudication: Adjudication) -> list[Step]:
    """Step by step from the total to the personal burden, each with its place in the law."""
    return steps_of(rulesets.rulebook(adjudication.policy_sha256), adjudication.trace)
