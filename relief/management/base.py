"""What the roster commands share: the member of staff who acts, and refusals as one sentence on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class RosterCommand(BaseCommand):
    """A command with `--by`; subclasses carry it out."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="办理人的用户名")

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        by = staff_named(options.pop("by"))
        if by is None:
            raise CommandError("没有这个工作人员，请核对 --by 的用户名。[staff.unknown]")
        try:
            self.carry_out(by=by, **options)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"文件不能读写：{error.filename}。[file.unreadable]") from error

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        raise NotImplementedError
