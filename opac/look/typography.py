"""How a page is read: the patron's text size and spacing, and furigana where readings are known.

What a patron chose in 「利用者情報設定」 comes with the login, which the page has read anyway. Pages in やさしい日本語
always carry furigana, also before a login and without a cookie: the language stands in the address.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from catalog.japanese.furigana import parts
from catalog.languages.table import current
from patrons.account.access import patron_of
from patrons.models import TextSize


def classes(request: HttpRequest | None) -> str:
    """Return the classes of ``<html>`` that show the pages as the patron wants to read them."""
    patron = patron_of(request) if request and hasattr(request, "user") else None
    if patron is None:
        return ""
    size = "" if patron.text_size == TextSize.STANDARD else f"text-{patron.text_size}"
    return " ".join(filter(None, (size, "wide-spacing" if patron.wide_spacing else "")))


def has_furigana(request: HttpRequest | None) -> bool:
    """Tell whether readings are shown over titles and names on this page."""
    if current().furigana:
        return True
    patron = patron_of(request) if request and hasattr(request, "user") else None
    return patron is not None and patron.furigana


def spoken(thing: Any) -> SafeString:
    """Write a title or series with its reading over it; anything else as it is."""
    if hasattr(thing, "title_reading"):
        rest = str(thing).removeprefix(thing.title)
        return with_furigana(thing.title, thing.title_reading) + format_html("{}", rest)
    return with_furigana(str(thing), getattr(thing, "reading", ""))


def spoken_names(title: Any) -> dict[str, SafeString]:
    """Return a title's creators, each with its reading over it where the record tells whose is which."""
    readings = [reading for reading in title.creator_reading.split("; ") if reading]
    if len(readings) != len(title.creators):
        readings = [""] * len(title.creators)
    return {name: with_furigana(name, said) for name, said in zip(title.creators, readings, strict=True)}


def with_furigana(text: str, reading: str) -> SafeString:
    """Write text with ruby: what it is read as, over it; in brackets where a browser knows no ruby."""
    ruby = "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>"
    pieces = (format_html(ruby, piece, said) if said else escape(piece) for piece, said in parts(text, reading))
    return SafeString("".join(pieces))
