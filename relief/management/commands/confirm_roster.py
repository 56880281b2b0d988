"""`manage.py confirm_roster BATCH --by OTHER_USER [--accept-shrink]`: a second person applies a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from bureau.kernel.errors import BusinessError
from relief.management.base import RosterCommand
from relief.services import confirmation, rosters

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class Command(RosterCommand):
    help = "批准并执行一批名单；须由经办人以外的人办理。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=int)
        parser.add_argument("--accept-shrink", action="store_true", help="退出超过在册 5%% 时，明示文件无误")

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        batch_id = options["batch"]
        try:
            applied = confirmation.confirm(batch_id=batch_id, accept_shrink=options["accept_shrink"], by=by)
        except BusinessError as error:
            if error.code == "relief.comparison_changed":
                rosters.compare_again(batch_id=batch_id, by=by)
            raise
        self.stdout.write(f"批次 {batch_id} 已生效：开始 {applied.begun} 项身份，终止 {applied.ended} 项。")
