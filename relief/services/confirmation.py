"""A second person applies a roster, bound to its bytes and comparison, or takes back what no settlement used."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import repeat
from typing import TYPE_CHECKING

from django.db import connection, transaction

from bureau import walls
from bureau.kernel.bulk import collector_resting
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import BASIS_POINTS, format_ratio
from bureau.kernel.periods import Month
from bureau.organization.selectors.areas import towns_of
from bureau.organization.terms import Duty
from bureau.trail import selectors as trail
from bureau.trail.services import batches
from bureau.trail.terms import BatchKind, BatchStage
from enrollment.services import people
from relief.models import RosterEntry
from relief.selectors import effect
from relief.selectors import rosters as roster_selectors
from relief.services import rosters, rows, statuses
from relief.services.judging import judge
from relief.services.statuses import Applied, TakenBack
from relief.terms import RosterSource, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch
    from relief.rules.roster import RosterRow, RowVerdict
    from relief.services.judging import Judgement

_TO_APPLY = frozenset({Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED})


@collector_resting()
@transaction.atomic
def confirm(*, batch_id: int, accept_shrink: bool = False, by: Staff) -> Applied:
    """Apply a batch whole or not at all."""
    batch = _locked(batch_id, by, Duty.RELIEF_CHECK)
    _check_checker(batch, by)
    _check_ready(batch, accept_shrink=accept_shrink)
    unknown = _check_sameness(batch)
    month = Month.parse(batch.month)
    next_month = effect.begins_next_month(month)

    _register(batch, unknown, by)
    # A status is refused while the roster that it names as its ground is not confirmed.
    batches.confirm(batch, by=by)
    applied = statuses.apply_roster(
        batch_id=batch.pk, source=batch.source, area_code=batch.area_code, month=month, next_month=next_month
    )
    begins = month.end if next_month else month.first_day
    batches.note_effect(
        batch,
        begun=applied.begun,
        ended=applied.ended,
        begins_on=begins.isoformat(),
        ends_on=month.end.isoformat(),
    )
    rosters.record(
        batch,
        "relief.roster.confirmed",
        f"批准并执行{RosterSource.label_of(batch.source)} {batch.month} 名单："
        f"新增 {batch.counts['new']} 人、变更 {batch.counts['changed']} 人、退出 {batch.counts['exited']} 人",
        by,
        begun=applied.begun,
        ended=applied.ended,
    )
    return applied


@transaction.atomic
def revoke(*, batch_id: int, reason: str, by: Staff) -> TakenBack:
    """Take a batch in force back; statuses on which care was settled stay and are listed."""
    batch = _locked(batch_id, by, Duty.RELIEF, Duty.RELIEF_CHECK)
    told = reason.strip()[:200]
    if not told:
        raise BusinessError("relief.reason_missing", "回退须说明原因。")
    if batch.stage != BatchStage.APPLIED:
        raise BusinessError(
            "relief.batch_not_applied",
            f"批次 {batch_id} 的状态是“{BatchStage.label_of(batch.stage)}”，没有可回退的内容。",
        )
    later = roster_selectors.in_force_upon(batch)
    if later is not None:
        raise BusinessError(
            "relief.later_batch_applied", f"批次 {later.pk}（{later.month}）在本批之后生效，请先回退该批次。"
        )

    taken_back = statuses.take_back(batch_id=batch.pk)
    stage = BatchStage.PARTLY_REVOKED if taken_back.kept else BatchStage.REVOKED
    batches.close(batch, stage=stage, message=told)
    rosters.record(
        batch,
        "relief.roster.revoked",
        f"回退 {batch.month} 名单：撤销 {taken_back.removed} 项、恢复 {taken_back.reopened} 项，"
        f"{len(taken_back.kept)} 项已发生结算未回退。原因：{told}",
        by,
        removed=taken_back.removed,
        reopened=taken_back.reopened,
        kept=len(taken_back.kept),
    )
    return taken_back


def _locked(batch_id: int, by: Staff, *duties: Duty) -> ImportBatch:
    """The batch, and the list it belongs to: two batches of one list are never applied at the same time."""
    batch = batches.locked(batch_id)
    if batch.kind != BatchKind.ROSTER:
        raise BusinessError("relief.batch_unknown", f"没有编号为 {batch_id} 的名单批次。")
    rosters.require(by, batch.area_code, *duties)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"relief.roster:{batch.source}:{batch.area_code}"]
        )
    return batch


def _check_checker(batch: ImportBatch, by: Staff) -> None:
    if batch.opened_by_id == by.pk:
        raise BusinessError("relief.checker_is_maker", "您是本批经办人，复核需由他人办理。")
    settled = trail.history("roster", str(batch.pk)).filter(
        by=by, action__in=["relief.roster.row_fixed", "relief.roster.row_set_aside"]
    )
    if settled.exists():
        raise BusinessError("relief.checker_is_maker", "您处理过本批的异常行，复核需由他人办理。")


def _check_ready(batch: ImportBatch, *, accept_shrink: bool) -> None:
    if batch.stage == BatchStage.HAS_ERRORS:
        raise BusinessError(
            "relief.batch_has_errors",
            f"还有 {batch.counts['blocking']} 行不知是谁或是何身份，请逐行改正或移出本批后再复核。",
        )
    if batch.stage != BatchStage.READY:
        raise BusinessError(
            "relief.batch_closed", f"批次 {batch.pk} 的状态是“{BatchStage.label_of(batch.stage)}”，不能执行。"
        )
    if not batch.counts["new"] + batch.counts["changed"] + batch.counts["unchanged"]:
        raise BusinessError("relief.nobody_left", "本批没有一行有效数据，不会使任何人退出，请重新上传完整名单。")
    later = roster_selectors.in_force_over(batch)
    if later is not None:
        raise BusinessError(
            "relief.later_batch_applied", f"批次 {later.pk}（{later.month}）已经生效，请先回退该批次再执行本批。"
        )
    if batch.counts["shrinks"] and not accept_shrink:
        exited, standing = batch.counts["exited"], batch.counts["standing"]
        share = format_ratio(exited * BASIS_POINTS // standing)
        raise BusinessError(
            "relief.shrinks",
            f"本次退出 {exited} 人，占在册 {standing} 人的 {share}，超过提醒线 5%。"
            "请确认文件是否完整；文件无误的，明示接受后再执行。",
        )


def _check_sameness(batch: ImportBatch) -> list[RosterRow]:
    """The same bytes, the same comparison: what was looked at is what is applied. Gives the rows of unknown people."""
    if hashlib.sha256(bytes(batch.content)).hexdigest() != batch.sha256:
        raise BusinessError("relief.bytes_changed", "文件内容与交入时的指纹不符，不能执行，请报告系统管理员。")
    verdicts: list[str] = []
    person_ids: list[int | None] = []

    def read() -> Iterator[RosterRow]:
        for stored in rows.stored(batch):
            verdicts.append(stored.verdict)
            person_ids.append(stored.person_id)
            yield rows.as_row(stored)

    judgement = judge(batch, read(), set_aside=rows.set_aside(batch))
    judged = judgement.comparison.verdicts
    if (
        judgement.digest != batch.comparison_sha256
        or not all(map(_is_as_judged, verdicts, person_ids, judged, repeat(judgement.person_ids)))
        or not _are_gone_as_judged(batch, judgement)
    ):
        raise BusinessError(
            "relief.comparison_changed", "比对之后在册名单或个人档案有变动，差异已不同。请重新比对、核对后再执行。"
        )
    return [
        one.row
        for one, person_id in zip(judged, person_ids, strict=True)
        if person_id is None and one.verdict in _TO_APPLY
    ]


def _is_as_judged(verdict: str, person_id: int | None, judged: RowVerdict, person_ids: Mapping[str, int]) -> bool:
    """The same verdict, meaning the same person; who had no file when the list was compared may have got one since."""
    return verdict == judged.verdict and person_id in (None, person_ids.get(judged.row.id_number))


def _are_gone_as_judged(batch: ImportBatch, judgement: Judgement) -> bool:
    """The same exits and held, meaning the same people."""
    judged = [(row.verdict, row.person_id) for row in rows.gone(judgement)]
    stored = list(RosterEntry.objects.filter(batch=batch, line__isnull=True).values_list("verdict", "person_id"))
    meant = {person_id for _, person_id in judged}
    return Counter(verdict for verdict, _ in judged) == Counter(verdict for verdict, _ in stored) and all(
        person_id is None or person_id in meant for _, person_id in stored
    )


# Who is unknown here may have a file in another county.
@walls.as_system()
def _register(batch: ImportBatch, unknown: Sequence[RosterRow], by: Staff) -> None:
    """Open a file for everybody on the list who has none, and note who is meant by each row."""
    if not unknown:
        return
    towns = towns_of(batch.area_code)
    people.register_many(
        (
            people.PersonRow(
                id_number=row.id_number,
                name=row.name,
                area_code=towns.get(row.town, batch.area_code),
                phone=row.phone[:20],
            )
            for row in unknown
        ),
        by=by,
    )
    rows.name_people(batch)
