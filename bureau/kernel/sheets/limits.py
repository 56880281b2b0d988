"""How large a file may be, unpacked as well, and what is said of one that is larger or cannot be read."""

from __future__ import annotations

from bureau.kernel.errors import BusinessError

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 1_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
# Cells of the rectangle from A1 to the last filled one: the reader allocates all of it, at once and without appeal.
MAX_AREA = 8_000_000
MAX_TEXT = 512 * 1024 * 1024
HEADER_WITHIN = 20


def unreadable() -> BusinessError:
    """It is broken, or no table at all."""
    return BusinessError(
        "sheets.unreadable", "文件损坏或不是表格，无法读取；请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
    )


def too_much() -> BusinessError:
    """It is a table beyond what can be read."""
    return BusinessError(
        "sheets.too_large",
        f"表格过大：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列。请删除数据以外的内容（含远处的零散单元格）后另存再上传。",
    )
