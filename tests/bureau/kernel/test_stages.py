"""Stage tables: every stage can be left or is the end."""

import pytest

from bureau.kernel.errors import BusinessError
from bureau.kernel.stages import StageTable, Transition
from bureau.kernel.terms import Term


class Stage(Term):
    DRAFT = "draft", "草稿"
    SENT = "sent", "待复核"
    DONE = "done", "已生效"


SEND = Transition(Stage.DRAFT, Stage.SENT, "send", "提交", "clerk")
CONFIRM = Transition(Stage.SENT, Stage.DONE, "confirm", "复核通过", "reviewer")
RETURN = Transition(Stage.SENT, Stage.DRAFT, "return", "退回", "reviewer")
TABLE = StageTable([SEND, CONFIRM, RETURN], start=Stage.DRAFT, terminal={Stage.DONE})


def test_a_table_offers_the_ways_on_with_their_duty() -> None:
    assert TABLE.allowed(Stage.SENT) == (CONFIRM, RETURN)
    assert TABLE.allowed(Stage.DONE) == ()
    assert TABLE.next(Stage.SENT, "return") is Stage.DRAFT
    assert TABLE.transition(Stage.SENT, "confirm").duty == "reviewer"
    assert TABLE.is_terminal(Stage.DONE)
    assert not TABLE.is_terminal(Stage.SENT)


@pytest.mark.parametrize(
    ("stage", "verb", "sentence"),
    [
        (Stage.DRAFT, "confirm", "“草稿”状态下不能复核通过；现在可以：提交。"),
        (Stage.DONE, "return", "“已生效”状态下不能退回；它已办结，不再变动。"),
        (Stage.SENT, "burn", "“待复核”状态下不能burn；现在可以：复核通过、退回。"),
    ],
)
def test_a_way_that_does_not_exist_is_refused_with_what_is_possible(stage: Stage, verb: str, sentence: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        TABLE.next(stage, verb)
    assert (refusal.value.code, refusal.value.message) == ("stage.not_allowed", sentence)


@pytest.mark.parametrize(
    ("ways", "terminal", "complaint"),
    [
        ([SEND], {Stage.DONE}, "sent can neither be left nor is it terminal"),
        ([SEND, RETURN], {Stage.DONE}, "done is never reached"),
        ([SEND, CONFIRM], {Stage.DONE, Stage.SENT}, "sent is terminal and can be left"),
        ([SEND, SEND, CONFIRM], {Stage.DONE}, "draft: the verb send leads two ways"),
    ],
)
def test_a_table_with_a_dead_end_does_not_come_into_being(
    ways: list[Transition[Stage]], terminal: set[Stage], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        StageTable(ways, start=Stage.DRAFT, terminal=terminal)
