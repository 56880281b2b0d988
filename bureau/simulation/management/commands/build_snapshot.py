"""`manage.py build_snapshot --from 2022-01 --until 2022-12`: the claims of whole months as a columnar snapshot."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.simulation.selectors.snapshots import path_of
from bureau.simulation.services import snapshots


class Command(BaseCommand):
    help = "由数据库生成一段时期核算过的单据的列存快照，供测算；只有人员编号，没有姓名和证件号。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", required=True, help="首月，如 2022-01")
        parser.add_argument("--until", dest="last", required=True, help="末月（含），如 2022-12")
        parser.add_argument("--repeat", type=int, default=1, help="同样的单据重复几遍，仅供测速")
        parser.add_argument("--out", type=Path, help="另存一份到此处")

    @walls.as_system()
    def handle(self, *args: Any, first: str, last: str, repeat: int, out: Path | None, **options: Any) -> None:
        try:
            begins, ends = Month.parse(first), Month.parse(last)
            if repeat < 1 or ends < begins:
                raise BusinessError("simulation.period", "--until 不能早于 --from，--repeat 至少为 1。")
            found = snapshots.build(
                valid_from=begins.first_day, valid_until=ends.next().first_day, repeat=repeat, by=None
            )
        except BusinessError as error:
            raise CommandError(str(error)) from error
        if out is not None:
            shutil.copyfile(path_of(found.key), out)
        self.stdout.write(f"{found}：{found.claims:,} 张单据，{found.persons:,} 人，指纹 {found.sha256}")
