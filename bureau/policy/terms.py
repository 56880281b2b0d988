"""Words of policy releases."""

from __future__ import annotations

from bureau.kernel.terms import Term


class ReleaseStage(Term):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "生效中"
    SUPERSEDED = "superseded", "已失效"
