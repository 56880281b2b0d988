"""Re-encrypt with the newest key of `FIELD_KEYS`, and say which old keys may be retired and which tables need them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.fields import rotation
from bureau.fields.encrypted import key_ring


class Command(BaseCommand):
    help = "用最新的字段密钥重新加密各表；可随时中断，再执行时接着做。只增不改的表不重写，其旧密钥须保留。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chunk", type=int, default=rotation.CHUNK, help="每个事务的行数")
        parser.add_argument("--status", action="store_true", help="只看各密钥用在哪里，不改动")
        parser.add_argument("--verify", action="store_true", help="逐一解密并与索引核对，不改动")
        parser.add_argument("--reindex", action="store_true", help="更换 FIELD_INDEX_KEY 之后重算索引（停机时做）")

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            self._verify(options["chunk"])
            return
        if not options["status"]:
            self._report("重新加密", rotation.rotate(chunk=options["chunk"]))
        if options["reindex"]:
            self._report("重算索引", rotation.reindex(chunk=options["chunk"]))
        self._say_what_is_needed()

    def _verify(self, chunk: int) -> None:
        wrong = 0
        for table, column, values, faults in rotation.verify(chunk=chunk):
            wrong += faults
            self.stdout.write(f"{table}.{column}：{values} 个值，{faults} 个不符")
        if wrong:
            raise CommandError(f"有 {wrong} 个加密值被改动或调换，请立即报告。")

    def _report(self, deed: str, chunks: Any) -> None:
        rows: Counter[str] = Counter()
        for table, count in chunks:
            rows[table] += count
        for table, count in sorted(rows.items()):
            self.stdout.write(f"{deed} {table}：{count} 行")
        if not rows:
            self.stdout.write(f"{deed}：没有需要处理的行。")

    def _say_what_is_needed(self) -> None:
        self.stdout.write(f"当前密钥编号 {key_ring().current}。")
        for key, usages in sorted(rotation.blocking(rotation.usages()).items()):
            if not usages:
                self.stdout.write(f"密钥 {key} 已无人使用，可以从 FIELD_KEYS 中移除。")
                continue
            for usage in usages:
                why = "只增不改，须保留此密钥" if usage.is_kept else "尚未重新加密"
                self.stdout.write(f"密钥 {key} 不能移除：{usage.table}.{usage.column} 有 {usage.rows} 行（{why}）")
