"""The life of a release as a table: who may move it on, by what verb. 政策复核 checks and publishes, as two verbs."""

from __future__ import annotations

from bureau.kernel.stages import StageTable, Transition
from bureau.organization.terms import Duty
from bureau.policy.terms import ReleaseStage

DRAFT, SUBMITTED, CHECKED = ReleaseStage.DRAFT, ReleaseStage.SUBMITTED, ReleaseStage.CHECKED
_MAKER, _CHECKER = Duty.POLICY.value, Duty.POLICY_CHECK.value

# Stages in which the content may still be given up by whom it belongs to.
OPEN = (DRAFT, SUBMITTED, CHECKED)

STAGES = StageTable(
    (
        Transition(DRAFT, SUBMITTED, "submit", "送审", _MAKER),
        Transition(DRAFT, ReleaseStage.WITHDRAWN, "withdraw", "作废", _MAKER),
        Transition(SUBMITTED, CHECKED, "check", "复核通过", _CHECKER),
        Transition(SUBMITTED, DRAFT, "return", "退回", _CHECKER),
        Transition(SUBMITTED, ReleaseStage.WITHDRAWN, "withdraw", "作废", _MAKER),
        Transition(CHECKED, ReleaseStage.PUBLISHED, "publish", "发布", _CHECKER),
        Transition(CHECKED, DRAFT, "return", "退回", _CHECKER),
        Transition(ReleaseStage.PUBLISHED, ReleaseStage.SUPERSEDED, "supersede", "由新的发布取代"),
    ),
    start=DRAFT,
    terminal=(ReleaseStage.SUPERSEDED, ReleaseStage.WITHDRAWN),
)
