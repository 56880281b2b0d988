"""All parts of the screens on one page, with invented content; mounted in local settings only."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace as Thing
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access

_MOMENT = datetime(2023, 6, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class _FilterForm(forms.Form):
    month = forms.CharField(label="月份", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    scheme = forms.ChoiceField(
        label="险种", required=False, choices=[("", "全部"), ("employee", "职工医保"), ("resident", "居民医保")]
    )
    text = forms.CharField(label="机构名称", required=False)


class _DeskForm(forms.Form):
    amount = forms.CharField(label="金额（元）", help_text="写到分，如 1234.50。")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["amount"].error_messages["required"] = "金额没有填写。请写到分，如 1234.50。"
        self.fields["reason"].error_messages["required"] = "理由没有填写。"


@access.desk()
def show(request: HttpRequest) -> HttpResponse:
    """The page that look.md asks for."""
    messages.success(request, "已提交复核：2023年5月救助名单，60 行。")
    messages.warning(request, "本次退出 4 人，占在册 8%，超过提醒线 5%。请确认文件是否完整。")
    messages.error(request, "第 38 行：身份证号末位应为 5，现为 X。请对照原件修改，或移出本批。")
    context = {
        "title": "样式一览",
        "tags": [
            ("ready", "待复核"),
            ("applied", "已生效"),
            ("has_errors", "待处理异常"),
            ("failed", "待人工处理"),
            ("revoked", "已回退"),
            ("draft2", "草稿"),
        ],
        "person": Thing(
            name="张小蓉",
            id_number="510704195803120022",
            born_on=date(1958, 3, 12),
            area=Thing(name="游仙区"),
            get_gender_display="女",
        ),
        "extra": [("险种", "居民医保"), ("救助身份", "低保对象")],
        "facts": [
            ("单据号", "S2023050001"),
            ("医疗类别", "住院"),
            ("就医机构", "游仙区人民医院"),
            ("出院日期", "2023-05-12"),
            ("备案", "已备案"),
            ("申报月份", "2023年5月"),
        ],
        "figures": [
            {"label": "单据", "value": "1,284", "unit": "件", "note": "上月 1,201 件"},
            {"label": "应付", "value": "4,812,390.12", "unit": "元"},
            {"label": "预留保证金", "value": "240,619.51", "unit": "元"},
            {"label": "异常", "value": "9", "unit": "条", "tone": "look", "note": "处理完才能提交"},
        ],
        "rows": [
            Thing(
                code="H51070400001",
                name="游仙区人民医院",
                stage=("done", "已结算"),
                claims=412,
                due=182_345_678,
                withheld=9_117_284,
            ),
            Thing(
                code="H51070400002",
                name="小枧镇中心卫生院",
                stage=("waiting", "等待"),
                claims=96,
                due=2_312_050,
                withheld=115_603,
            ),
            Thing(
                code="P51070400011",
                name="春晖大药房游仙店",
                stage=("failed", "失败"),
                claims=230,
                due=889_910,
                withheld=44_496,
            ),
        ],
        "sum_claims": 738,
        "sum_due": 185_547_638,
        "sum_withheld": 9_277_383,
        "steps": [
            {"name": "冻结单据", "state": "done", "note": "1,284 件"},
            {"name": "计算结算单", "state": "now", "note": "38 / 42 家"},
            {"name": "封存"},
            {"name": "审批"},
            {"name": "拨付"},
        ],
        "waterfall": _waterfall(),
        "whole": 1_843_210,
        "actions": [
            Thing(at=_MOMENT, summary="批准并执行：2023年5月救助名单，新增 6 人、变更 2 人、退出 4 人。", by="王芳"),
            Thing(at=_MOMENT, summary="提交复核：2023年5月救助名单，60 行。", by="李强"),
        ],
        "maker": "李强",
        "made_at": _MOMENT,
        "filter_form": _FilterForm(request.GET),
        "chips": [{"label": "月份：2023-05", "without": "?"}, {"label": "险种：居民医保", "without": "?"}],
        "page": Paginator(range(1284), 50).get_page(request.GET.get("page", 3)),
        "form": _DeskForm({}),
        "day": date(2023, 6, 5),
    }
    return render(request, "portal/styleguide.html", context)


@access.desk()
def sheet(request: HttpRequest) -> HttpResponse:
    """A printed sheet with invented content."""
    context = {
        "title": "医疗费用结算单（样张）",
        "printed_by": access.staff(request),
        "printed_at": _MOMENT,
        "verification": "9f2c4b7a11e8",
        "maker": "李强",
    }
    return render(request, "portal/styleguide_sheet.html", context)


def _waterfall() -> list[Thing]:
    def step(label: str, amount: int, start: int, end: int, kind: str, **more: object) -> Thing:
        return Thing(label=label, amount=amount, start=start, end=end, kind=kind, **more)

    law = {"document": "绵阳市职工医保门诊共济保障实施细则", "since": date(2023, 1, 1)}
    return [
        step("医疗费总额", 1_843_210, 0, 1_843_210, "base", is_total=True),
        step("全自费", 121_000, 1_722_210, 1_843_210, "own", note="目录外费用，由机构申报"),
        step("先行自付", 38_640, 1_683_570, 1_722_210, "own", note="乙类 10%"),
        step(
            "起付线内",
            30_000,
            1_653_570,
            1_683_570,
            "own",
            parameter="起付标准",
            value="300.00 元",
            place="第十二条",
            **law,
        ),
        step(
            "统筹基金支付",
            1_405_535,
            248_035,
            1_653_570,
            "paid",
            parameter="支付比例",
            value="85%",
            place="第十四条",
            **law,
        ),
        step(
            "医疗救助支付",
            70_211,
            177_824,
            248_035,
            "paid",
            parameter="救助比例",
            value="70%",
            place="访谈",
            assumed=True,
            **law,
        ),
        step("个人负担", 367_464, 0, 367_464, "own", is_total=True),
    ]
