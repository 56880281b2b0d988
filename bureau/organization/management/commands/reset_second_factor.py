"""For the day on which the security administrator has lost the telephone: the same service, from the shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from bureau.organization.services import second_factor


class Command(BaseCommand):
    """Acts without a person, as the installation does; the log says so."""

    help = "解除一个账号的二次验证（仅在安全管理员本人无法登录时使用），原因记入操作日志。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    @walls.as_system()
    def handle(self, *args: Any, username: str, reason: str, **options: Any) -> None:
        staff = staff_named(username)
        if staff is None:
            raise CommandError(f"没有用户名为“{username}”的启用账号。")
        try:
            was_held = second_factor.reset(staff, reason=reason, by=None)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已解除{staff}的二次验证。" if was_held else f"{staff}没有绑定二次验证。")
