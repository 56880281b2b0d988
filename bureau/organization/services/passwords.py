"""Which passwords are taken: Django's validators, with two of ours. The Chinese sentences say what to do instead."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bureau.organization.models import Area
from bureau.organization.rules import passwords

# Without what is read for something else; seven groups of four are 138 bits.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def initial() -> str:
    """A random password, to be typed once."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(7))


class CommonRoots(CommonPasswordValidator):
    """The list of common and leaked passwords that comes with Django, whatever is put around its words."""

    def validate(self, password: str, user: Any = None) -> None:
        if not self.passwords.isdisjoint(passwords.roots(password)):
            raise ValidationError(
                "这个密码太常见，或只在常见密码前后加了数字、符号，容易被猜到。", code="password_too_common"
            )


class ListedWords:
    """Nothing that rests upon the names of the trade, the duties and the places."""

    def validate(self, password: str, user: Any = None) -> None:
        names = (*settings.PASSWORD_WORDS, *Area.objects.values_list("name", flat=True))
        # 游仙区 is called 游仙 too.
        words = [*names, *(name[:-1] for name in names if len(name) > 2)]
        found = passwords.listed_words(password, words)
        if found:
            raise ValidationError(
                f"密码主要由单位、岗位或地名（{'、'.join(found)}）组成，容易被猜到；除这些词外，请再用不少于"
                f" {passwords.SHORTEST_REST} 个字母或数字。",
                code="password_listed_words",
            )

    def get_help_text(self) -> str:
        return "不能主要由单位、岗位或地名组成。"
