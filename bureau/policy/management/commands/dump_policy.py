"""`manage.py dump_policy --out DIR`: a release as the files it was made from, byte for byte.

Loaded again they give the same digest, which is checked before anything is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs
from bureau.policy.selectors import releases


class Command(BaseCommand):
    help = "把一次政策发布（默认现行）写成政策文件，一份文件一个 yaml；再载入时指纹不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", default="mianyang")
        parser.add_argument("--release", type=int, help="发布号，默认现行的发布")
        parser.add_argument("--out", type=Path, required=True, help="写入的目录，须为空或不存在")

    @walls.as_system()
    def handle(self, *args: Any, city: str, release: int | None, out: Path, **options: Any) -> None:
        found = releases.numbered(city, release) if release else releases.in_force(city)
        if found is None:
            which = f"第 {release} 次发布" if release else "生效中的发布"
            raise CommandError(f"{city} 没有{which}。[policy.release_unknown]")
        if out.is_dir() and any(out.iterdir()):
            raise CommandError(f"目录 {out} 不是空的，请另指定一个，以免旧文件混入。[policy.dump_target]")
        try:
            files = releases.files_of(found)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        if packs.bundle(found.city, files) != bytes(found.content):
            raise CommandError(f"{found}不能原样写成文件。[policy.dump_differs]")

        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            if Path(name).name != name:
                raise CommandError(f"文件名“{name}”不能写出。[policy.dump_name]")
            (out / name).write_text(text, encoding="utf-8", newline="")
        self.stdout.write(f"{found}，{len(files)} 份文件，指纹 {found.sha256[:12]}，写入 {out}。")
