"""What templates say with one word: icons, covers, states, Japanese dates, menus. Rooms load it as ``portal``."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.db.models import TextChoices
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.languages.days import written
from catalog.languages.table import current
from catalog.languages.words import gap, in_reader_language
from catalog.models import MaterialType, Title
from catalog.pages.covers import cover_of
from opac.look import languages as languages_of_pages
from opac.look import typography
from opac.look.status_icons import LOOKS, state_of

register = template.Library()
register.filter(in_reader_language)
register.simple_tag(gap)

CLOTHS = 8
SLIP = 20  # characters that fit on a title slip

NOTICES = {
    "success": _("成功"),
    "warning": _("注意"),
    "error": _("エラー"),
    "emergency": _("緊急"),
}
MY_PAGES = (
    ("reservations:list", _("予約している資料"), "clock"),
    ("reservations:cancelled", _("取消済予約一覧"), "cross"),
    ("loans:list", _("借りている資料"), "book"),
    ("patrons:card", _("デジタル利用者カード"), "card"),
    ("patrons:settings", _("利用者情報設定"), "gear"),
    ("notifications:alerts", _("新着資料お知らせメール"), "mail"),
    ("patrons:shelves", _("My 本棚"), "shelf"),
    ("patrons:challenges", _("読書チャレンジ"), "flag"),
    ("opac:my_data", _("わたしのデータ"), "data"),
)


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> SafeString:
    """Draw an icon of the sprite; it is decoration, the words stand beside it."""
    shape = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>'
    return format_html(shape, classes, name)


@register.inclusion_tag("components/cover.html")
def cover(title: str, kind: MaterialType | str = "", size: str = "", of: Title | None = None) -> dict[str, Any]:
    """Draw a cover from the title and the material type, a book's where a title of no record has none.

    ``of`` is the record whose picture is shown instead when the library has one. Either is an ornament beside the
    title in words, and says nothing to a screen reader.

    The cloth is chosen by the title, so that a book keeps its colour on every page.
    """
    drawn = kind if isinstance(kind, MaterialType) else MaterialType()
    hue = zlib.crc32((of.title if of else str(title)).encode()) % CLOTHS + 1
    image = cover_of(of) if isinstance(of, Title) else ""
    slip = Truncator(title).chars(SLIP)
    return {"title": slip, "kind": drawn.cover, "icon": drawn.icon, "hue": hue, "size": size, "image": image}


@register.simple_tag
def status(thing: object) -> SafeString:
    """Show a state as a chip: its word, a colour and a shape.

    ``thing`` is what has the state (a reservation, a copy, a title on a shelf), or the value of a ``DerivedState``.
    """
    state = state_of(thing)
    return _chip(type(state), state.value, get_language())


@lru_cache(maxsize=1000)  # states × languages; a list shows the same few again and again
def _chip(kind: type[TextChoices], value: str, language: str | None) -> SafeString:
    look = LOOKS[kind][value]
    context = {"label": kind(value).label, "shade": look.shade, "icon": look.icon}
    return render_to_string("components/status.html", context)


@register.inclusion_tag("components/steps.html")
def steps(current: int, *words: str) -> dict[str, Any]:
    """Show where a patron is in a path: ``current`` counts from 1; without words 入力, 確認, 完了."""
    places = ["done" if number < current else "current" if number == current else "" for number in range(1, 20)]
    return {"steps": list(zip(words or (gettext("入力"), gettext("確認"), gettext("完了")), places, strict=False))}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: template.Context, name: str, label: str, icon: str = "", count: int | None = None
) -> dict[str, Any]:
    """Show one entry of a menu; the page that is open is marked."""
    href = reverse(name)
    current = href == getattr(context.get("request"), "path", "")
    return {"href": href, "label": label, "icon": icon, "count": count, "current": current}


@register.inclusion_tag("components/my_nav.html", takes_context=True)
def my_nav(context: template.Context) -> dict[str, Any]:
    """Show the pages of My ライブラリ that exist on this face; the one open, or its parent, is marked."""
    request = context.get("request")
    path, face = getattr(request, "path", ""), getattr(request, "face", None)
    pages = {reverse(page[0]): page for page in MY_PAGES if face is None or face.offers(page[0])}
    nearest = max((href for href in pages if path.startswith(href)), key=len, default="")
    return {
        "entries": [
            {"href": href, "label": label, "icon": sign, "current": href == nearest}
            for href, (_name, label, sign) in pages.items()
        ]
    }


@register.filter
def ja_date(value: date | datetime | None) -> str:
    """Write a day as 2026年11月23日（月）; a datetime is first brought to Asia/Tokyo."""
    if not value:
        return ""
    return written(_day(value))


@register.filter
def ja_time(value: time | datetime | None) -> str:
    """Write a time as 午前10時 or 午後5時30分."""
    if value is None:
        return ""
    clock = timezone.localtime(value).time() if isinstance(value, datetime) else value
    if not current().halves:
        return f"{clock:%H:%M}"
    minutes = f"{clock.minute}分" if clock.minute else ""
    half, hour = ("午前", clock.hour) if clock.hour < 12 else ("午後", clock.hour - 12)
    return f"{half}{hour}時{minutes}" if (clock.hour, clock.minute) != (12, 0) else "正午"


@register.filter
def period(days: int) -> str:
    """Write a period as people say it: 14 days are 2週間, 10 days 10日間."""
    weeks, rest = divmod(days, 7)
    if weeks and not rest:
        return gettext("%(count)s週間") % {"count": weeks}
    return gettext("%(count)s日間") % {"count": days}


@register.simple_tag
def day(value: date | datetime | None) -> SafeString | str:
    """Write a day for people and for machines: <time datetime="2026-11-23">2026年11月23日（月）</time>."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', _day(value).isoformat(), ja_date(value))


@register.filter
def dial(number: str) -> str:
    """Return the number as a telephone dials it: half-width digits and a leading plus only."""
    return re.sub(r"[^+0-9]", "", unicodedata.normalize("NFKC", number))


@register.filter
def strong(value: Any) -> SafeString:
    """Set a value off within a sentence that the catalogues hold."""
    return format_html("<strong>{}</strong>", value)


@register.simple_tag(takes_context=True)
def typography_classes(context: template.Context) -> SafeString | str:
    """Write the class attribute of <html> that shows the page as the patron wants to read it."""
    chosen = typography.classes(context.get("request"))
    return format_html(' class="{}"', chosen) if chosen else ""


@register.simple_tag(takes_context=True)
def spoken(context: template.Context, thing: Any) -> SafeString | str:
    """Write a title or series in its language, with furigana where the reader wants it."""
    words = typography.spoken(thing) if typography.has_furigana(context.get("request")) else str(thing)
    return languages_of_pages.in_its_language(words, thing)


@register.simple_tag(takes_context=True)
def spoken_names(context: template.Context, title: Any, plain: str) -> SafeString | str:
    """Write the creators of a title as ``plain`` has them, or one by one with furigana where the reader wants it."""
    if not (hasattr(title, "creator_reading") and typography.has_furigana(context.get("request"))):
        return languages_of_pages.in_its_language(plain, title)
    names = typography.spoken_names(title).values()
    return languages_of_pages.in_its_language(SafeString(gettext("、").join(names)), title)


@register.simple_tag(takes_context=True)
def spoken_name(context: template.Context, title: Any, name: str) -> SafeString | str:
    """Write one creator of a title, with furigana where the reader wants it."""
    words = typography.spoken_names(title)[name] if typography.has_furigana(context.get("request")) else name
    return languages_of_pages.in_its_language(words, title)


@register.filter
def tagged(title: Any) -> SafeString | str:
    """Write a title in its language, without furigana: where it stands within other words."""
    return languages_of_pages.in_its_language(str(title), title)


@register.simple_tag
def named(name: str) -> SafeString | str:
    """Show a name that the library chose in the page's language, else as it is and said to be Japanese."""
    known = in_reader_language(name)
    return known if known != name else languages_of_pages.in_its_language(name)


@register.simple_tag
def language_tag() -> str:
    """Name the language of the page for browsers and screen readers."""
    return languages_of_pages.language_tag()


@register.simple_tag
def language_button() -> SafeString | str:
    """Lead to the choice of languages in the foot, where there is a choice."""
    if len(settings.LANGUAGES) < 2:
        return ""
    shape = '<a class="button button--small button--quiet" href="#languages" lang="en">{}Language</a>'
    return format_html(shape, icon("globe"))


@register.inclusion_tag("components/languages.html", takes_context=True)
def languages(context: template.Context) -> dict[str, Any]:
    """Show this page in every language; without a request (a page for 500) nothing."""
    request = context.get("request")
    return {"choices": languages_of_pages.choices(request) if isinstance(request, HttpRequest) else []}


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """Return one of several values."""
    return values[index]


@register.filter
def page_numbers(page: Page) -> Iterator[int | None]:
    """Yield the page numbers worth a link, None for a gap."""
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield number if isinstance(number, int) else None


@register.filter
def notice_word(kind: str) -> str:
    """Return the kind of a notice in words, for those who do not see its icon."""
    return str(NOTICES.get(kind, gettext("情報")))


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
