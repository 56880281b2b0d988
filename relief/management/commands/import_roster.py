"""`manage.py import_roster FILE --source … --month 2023-05 --area 510704 --by USER [--rows rows.csv] [--json]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError, CommandParser

from bureau.trail.terms import BatchStage
from relief.documents import judged_rows
from relief.management.base import RosterCommand
from relief.selectors import rosters as roster_selectors
from relief.services import rosters
from relief.terms import RosterSource, SettledHow, Verdict

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch

_COUNTS = ("rows", "new", "changed", "exited", "unchanged", "held", "errors", "warnings")
SHOWN = 50


class Command(RosterCommand):
    help = "导入一个部门一个月的救助名单：读取、校验、与在册名单比对；除批次外不改动任何数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, choices=[source.value for source in RosterSource])
        parser.add_argument("--month", required=True)
        parser.add_argument("--area", required=True)
        parser.add_argument("--rows", type=Path, help="逐行结果写入此 csv")
        parser.add_argument("--json", action="store_true")

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        path: Path = options["file"]
        staged = rosters.stage(
            content=path.read_bytes(),
            file_name=path.name,
            source=options["source"],
            month=options["month"],
            area_code=options["area"],
            by=by,
        )
        batch = staged.batch
        if options["rows"] is not None:
            with options["rows"].open("w", encoding="utf-8", newline="") as out:
                judged_rows.write_csv(out, roster_selectors.entries(batch.pk).iterator())
        self._report(batch, is_recognized=staged.is_recognized, as_json=options["json"])
        if batch.stage == BatchStage.REFUSED:
            raise CommandError(f"{batch.message}[{batch.counts['refused']}]")
        self._tell_errors(batch)

    def _report(self, batch: ImportBatch, *, is_recognized: bool, as_json: bool) -> None:
        counts = {name: batch.counts[name] for name in _COUNTS}
        if as_json:
            is_refused = batch.stage == BatchStage.REFUSED
            told = {"batch": batch.pk, "sha256": batch.sha256, **counts, "stage": batch.stage}
            self.stdout.write(json.dumps({**told, "refused": is_refused, "recognized": is_recognized}))
            return
        known = "（同一文件已导入过）" if is_recognized else ""
        self.stdout.write(
            f"批次 {batch.pk}{known}，{BatchStage.label_of(batch.stage)}：{counts['rows']} 行，"
            f"新增 {counts['new']}、变更 {counts['changed']}、退出 {counts['exited']}、不变 {counts['unchanged']}、"
            f"暂缓退出 {counts['held']}、异常 {counts['errors']}、提示 {counts['warnings']}。"
        )

    def _tell_errors(self, batch: ImportBatch) -> None:
        wrong = roster_selectors.entries(batch.pk).filter(verdict=Verdict.ERROR.value)
        for entry in wrong.exclude(settled_how=SettledHow.SET_ASIDE.value)[:SHOWN]:
            self.stderr.write(f"第 {entry.line} 行：{entry.message}[{entry.code}]")
