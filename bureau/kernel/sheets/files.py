"""A file is known by its content: a workbook, a csv, or something that is refused with advice."""

from __future__ import annotations

from pathlib import PurePath

from bureau.kernel.errors import BusinessError
from bureau.kernel.sheets import limits
from bureau.kernel.sheets.tables import Table
from bureau.kernel.sheets.texts import csv_lines
from bureau.kernel.sheets.workbooks import open_workbook

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BEGINS = (_COMPOUND, *_PACKAGE)


def check_name(name: str, content: bytes) -> None:
    """Refuse a file that is named as something else than it begins like; what it really is the reader finds out."""
    suffix = PurePath(name).suffix.lower()
    # An xls and a locked xlsx are let through to the reader, which knows better advice; a csv begins like neither.
    if suffix == ".xlsx":
        is_named_rightly = content.startswith(_BEGINS)
    elif suffix == ".xls":
        is_named_rightly = content.startswith(_COMPOUND)
    elif suffix == ".csv":
        is_named_rightly = not content.startswith(_BEGINS)
    else:
        raise BusinessError("sheets.name", "文件名应以 .xlsx 或 .csv 结尾，请另存为 xlsx 后上传。")
    if not is_named_rightly:
        raise BusinessError(
            "sheets.name", f"文件名以 {suffix} 结尾，内容却不是这种文件；请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
        )


def open_tables(content: bytes) -> list[Table]:
    """The sheets of a workbook, or a csv as the only one."""
    if not content.strip(b"\0 \t\r\n"):
        raise BusinessError("sheets.empty", "文件是空的，请检查后重新上传。")
    if len(content) > limits.MAX_BYTES:
        raise BusinessError("sheets.too_large", f"文件超过 {limits.MAX_BYTES // 1024 // 1024} MB，请拆分后上传。")
    if content.startswith(_COMPOUND):
        _refuse_compound_file(content)
    if content.startswith(_PACKAGE):
        return open_workbook(content)
    return [Table("", csv_lines(content))]


def _refuse_compound_file(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise BusinessError("sheets.encrypted", "文件有打开密码，请取消密码后重新上传。")
    raise BusinessError("sheets.xls", "这是旧式 xls 文件，请用 Excel 或 WPS 另存为 xlsx 后上传。")
