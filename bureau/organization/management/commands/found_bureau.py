"""`manage.py found_bureau`: an empty database becomes a city with three administrators, who appoint everybody else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.services import founding
from bureau.organization.terms import Duty


class Command(BaseCommand):
    """Acts without a person, as the installation does; the log says so. The passwords are shown once, here."""

    help = "在空库中建立城市和三名管理员（系统、安全、审计），各给一个 7 天内有效的初始密码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", nargs=2, required=True, metavar=("区划代码", "名称"), help="如 510700 绵阳市")
        for duty in founding.ADMINISTRATORS:
            parser.add_argument(f"--{duty}", nargs=2, required=True, metavar=("用户名", "姓名"), help=f"{duty.label}")

    @walls.as_system()
    def handle(self, *args: Any, city: list[str], **options: Any) -> None:
        people: dict[Duty, tuple[str, str]] = {
            duty: (options[str(duty)][0], options[str(duty)][1]) for duty in founding.ADMINISTRATORS
        }
        try:
            issued = founding.found(city_code=city[0], city_name=city[1], administrators=people)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        for duty, (username, full_name) in people.items():
            self.stdout.write(f"{duty.label}\t{full_name}\t{username}\t{issued[username]}")
        self.stdout.write("初始密码只显示这一次，请当面交给本人；首次登录后须改成自己的密码。")
