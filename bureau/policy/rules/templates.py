"""The text with which a new document begins; whoever drafts fills it."""

from __future__ import annotations

import json
import re
from datetime import date

from bureau.kernel.errors import BusinessError

_ID = re.compile(r"[a-z][a-z0-9-]{2,59}")

# What a clause says before its drafter has said it; a draft with it is not submitted.
UNSAID = "请写明这一条规定了什么"

_TEMPLATE = """\
document:
  id: {id}
  title: {title}
  number: null
  in_force: {{from: {valid_from}, until: null}}
clauses:
  basis: {{at: 第一条, says: {unsaid}}}
# 取值写在 parameters 下，改动别的文件写在 modifiers 下，每项指明所依据的条款，例如：
# modifiers:
# - {{name: outpatient.raised, changes: ratio, clause: basis, for: {{scheme: employee, care: outpatient}}, value: +5点}}
"""


def file_name(document_id: str) -> str:
    """The file of a document."""
    if not _ID.fullmatch(document_id):
        raise BusinessError(
            "policy.document_id",
            f"文件编号“{document_id}”应为小写字母开头的字母、数字和短横线，如 mianyang-outpatient-2024。",
        )
    return f"{document_id}.yaml"


def new_document(*, document_id: str, title: str, valid_from: date) -> str:
    """A document with one clause and no values yet."""
    # A JSON string is a YAML string: whatever the title contains, it stays one.
    return _TEMPLATE.format(
        id=document_id, title=json.dumps(title, ensure_ascii=False), valid_from=valid_from, unsaid=UNSAID
    )
