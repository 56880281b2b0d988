"""`manage.py revoke_roster BATCH --by USER --reason …`: take a roster back where nothing was settled on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from bureau.kernel.identity import mask_id
from bureau.kernel.terms import ReliefCategory
from relief.management.base import RosterCommand
from relief.services import confirmation

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class Command(RosterCommand):
    help = "回退一批已生效的名单；已发生结算的人员不回退，逐一列出。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=int)
        parser.add_argument("--reason", required=True)

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        taken_back = confirmation.revoke(batch_id=options["batch"], reason=options["reason"], by=by)
        self.stdout.write(
            f"批次 {options['batch']} 已回退：撤销 {taken_back.removed} 项，恢复 {taken_back.reopened} 项，"
            f"{len(taken_back.kept)} 项已发生结算，未回退。"
        )
        for status in taken_back.kept:
            person = status.person
            self.stdout.write(
                f"{mask_id(person.id_number)} {person.name} {ReliefCategory.label_of(status.category)} "
                f"{status.valid_from} 起，费用已结算至 {status.settled_until}（不含）"
            )
