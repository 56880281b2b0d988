"""The list of people as it may leave, with the columns that the desk shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bureau.console.exports.resources import Listed, ListResource, Text, register
from bureau.console.lists import chips_of
from bureau.console.menu import BUSINESS
from bureau.console.templatetags.portal import age
from bureau.kernel.identity import mask_id
from bureau.kernel.terms import Employment, Scheme
from enrollment import views

if TYPE_CHECKING:
    from django.http import HttpRequest


def _coverage(person: Any) -> str:
    if not person.scheme:
        return "未参保"
    scheme = Scheme.label_of(person.scheme)
    return f"{scheme}（{Employment.label_of(person.employment)}）" if person.employment else scheme


@register
class PersonResource(ListResource):
    """人员；证件号只显示部分，出生日期不导出，与页面相同。"""

    name = "people"
    title = "人员"
    duties = BUSINESS
    list_url = "enrollment:people"

    person = Text("姓名", "name")
    id_number = Text("证件号", lambda person: mask_id(person.id_number))
    gender = Text("性别", "get_gender_display")
    age = Text("年龄", lambda person: age(person.born_on))
    area = Text("所属区划", "area__name")
    coverage = Text("今天的参保", _coverage)
    poor = Text("建档立卡", lambda person: "是" if person.is_registered_poor else "否")
    is_dead = Text("已死亡", lambda person: "是" if person.deceased_on else "否")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = views.listed(request)
        return Listed(rows, [chip["label"] for chip in chips_of(request, form)])
