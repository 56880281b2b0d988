"""Filters and tags of the portal's templates: money, masks, dates, tags, bars to scale, the frame and its panels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bureau.console import frame, panels, tones
from bureau.kernel import identity
from bureau.kernel.money import format_ratio, format_yuan
from bureau.kernel.terms import Employment, Scheme

register = template.Library()

NOTHING = "—"


# Money and numbers


@register.filter
def yuan(fen: int | None) -> str:
    """1,234.56; a dash where there is no amount."""
    return NOTHING if fen is None else format_yuan(fen, grouped=True)


@register.filter
def signed_yuan(fen: int | None) -> str:
    """+1,234.56 or −1,234.56, for differences."""
    if fen is None:
        return NOTHING
    sign = "+" if fen > 0 else "−" if fen < 0 else ""
    return sign + format_yuan(abs(fen), grouped=True)


@register.filter
def ratio(basis_points: int | None) -> str:
    """7550 → 75.5%."""
    return NOTHING if basis_points is None else format_ratio(basis_points)


@register.filter
def grouped(number: int | None) -> str:
    """12,345 for counts."""
    return NOTHING if number is None else f"{number:,}"


@register.filter
def in_fours(digits: str | None) -> str:
    """Long numbers in groups of four, for the eye."""
    text = str(digits or "")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4)) or NOTHING


@register.filter
def in_eights(sha256: str | None) -> str:
    """A whole hash for paper, in groups that an eye can compare and a hand can type."""
    text = sha256 or ""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8)) or NOTHING


@register.filter
def fingerprint(sha256: str | None) -> str:
    """The first twelve characters of a hash; the whole stands in the title where it matters."""
    return (sha256 or "")[:12] or NOTHING


# People


@register.filter
def masked_id(number: str | None) -> str:
    """330***********123X."""
    return identity.mask_id(number) if number else NOTHING


@register.filter
def masked_name(name: str | None) -> str:
    """张*."""
    return identity.mask_name(name) if name else NOTHING


@register.filter
def masked_phone(phone: str | None) -> str:
    """138****1234."""
    return identity.mask_phone(phone) if phone else NOTHING


@register.filter
def masked_account(account: str | None) -> str:
    """The last four digits of a bank account."""
    return identity.mask_account(account) if account else NOTHING


@register.filter
def age(born_on: date | None) -> str:
    """Age today: lists show this, not the birth date."""
    if born_on is None:
        return NOTHING
    today = timezone.localdate()
    return str(today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day)))


# Days


@register.filter
def month(text: str | None) -> str:
    """2023-05 → 2023年5月."""
    if not text:
        return NOTHING
    year, number = text.split("-")[:2]
    return f"{year}年{int(number)}月"


@register.filter
def day(value: date | None) -> str:
    """2023-05-04, for tables."""
    return NOTHING if value is None else value.isoformat()[:10]


@register.filter
def prose_day(value: date | None) -> str:
    """2023年5月4日, for sentences."""
    return NOTHING if value is None else f"{value.year}年{value.month}月{value.day}日"


@register.simple_tag
def validity(valid_from: date, valid_until: date | None) -> str:
    """A validity as people say it: 2023-01-01 起, or 2023-01-01 至 2023-12-31 (both days included)."""
    if valid_until is None:
        return f"{valid_from.isoformat()} 起"
    return f"{valid_from.isoformat()} 至 {date.fromordinal(valid_until.toordinal() - 1).isoformat()}"


@register.simple_tag
def validity_tag(row: Any, day: date) -> SafeString:
    """Whether a row with a validity holds on the day, in words."""
    if row.valid_from > day:
        return stage_tag("not_yet", "未开始")
    if row.valid_until is not None and row.valid_until <= day:
        return stage_tag("ended", "已终止")
    return stage_tag("active", "有效")


@register.simple_tag
def scheme_label(scheme: str, employment: str = "") -> str:
    """职工医保（退休）, 居民医保."""
    return Scheme.label_of(scheme) + (f"（{Employment.label_of(employment)}）" if employment else "")


# Tags and bars


@register.simple_tag
def stage_tag(code: str, label: str = "") -> SafeString:
    """A state in words; its colour comes from what the word means (console.tones)."""
    return format_html('<span class="tag tag--{}">{}</span>', tones.of(str(code)), label or code)


@register.simple_tag
def bar(value: int, whole: int, kind: str = "paid") -> SafeString:
    """A bar to scale: `value` of `whole`, from the left. Kinds: paid, base, own."""
    return span_bar(0, value, whole, kind)


@register.simple_tag
def span_bar(start: int, end: int, whole: int, kind: str = "paid") -> SafeString:
    """A bar to scale from `start` to `end` of `whole`, on a quiet ground: one step of a waterfall."""
    left, right = (_thousandth(min(start, end), whole), _thousandth(max(start, end), whole))
    width = max(right - left, 2 if end != start else 0)
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar__rest" x="0" y="6" width="1000" height="2"/>'
        '<rect class="bar__{}" x="{}" y="0" width="{}" height="14"/></svg>',
        kind,
        min(left, 1000 - width),
        width,
    )


def _thousandth(part: int, whole: int) -> int:
    return 0 if whole <= 0 else max(0, min(1000, part * 1000 // whole))


# Frame, panels, addresses


@register.simple_tag(takes_context=True)
def session_watch(context: template.Context) -> SafeString:
    """What portal.js needs to empty a page that was left open when its session is over; nothing before sign-in."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return SafeString("")
    return format_html('data-alive="{}" data-idle="{}"', reverse("portal:alive"), settings.SESSION_IDLE_SECONDS)


@register.simple_tag(takes_context=True)
def portal_frame(context: template.Context) -> frame.Frame | None:
    """The frame for this request; None before sign-in."""
    return frame.of(context.get("request"))


@register.simple_tag(takes_context=True)
def show_panels(context: template.Context, slot: str, subject: Any = None) -> SafeString:
    """The blocks that apps above show in this slot."""
    return show_blocks(context, panels.gathered(slot, context["request"], subject))


@register.simple_tag(takes_context=True)
def show_blocks(context: template.Context, blocks: Iterable[panels.Block]) -> SafeString:
    """Blocks that a view has gathered itself."""
    shown = [render_to_string(block.panel.template, block.context, context["request"]) for block in blocks]
    return mark_safe("".join(shown))  # noqa: S308  each block is a rendered template


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The page's own address with some parameters changed; None takes one away, and paging starts again."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The page numbers to draw: the ends, the neighbours, and None for a gap."""
    last = page.paginator.num_pages
    near = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    numbers: list[int | None] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
