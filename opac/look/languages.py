"""The languages of the patrons' pages: a language stands at the front of the address, so none needs a cookie.

Japanese has no prefix. やさしい日本語 is a language of its own (``ja-easy``): hand-written texts, not a filter.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loaders.filesystem import Loader
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from opac.marking import mark

TAGS = {"ja-easy": "ja", "zh-hans": "zh-Hans"}  # how a language is named to browsers and screen readers


class JapaneseLoader(Loader):
    """Load the project's pages with their Japanese marked; staff's pages and mails stay as they are."""

    def get_contents(self, origin) -> str:
        source = super().get_contents(origin)
        return mark(source) if is_page(origin.template_name) else source


def is_page(name: str) -> bool:
    """Tell whether a template belongs to the patrons' pages."""
    staff = ("admin/", "loans/desk", "opac/gallery", "opac/enrol", "opac/mailbox")
    return name.endswith(".html") and not name.startswith(staff)


@dataclass(frozen=True)
class Choice:
    """This page in one language: ``tag`` names the language to browsers."""

    href: str
    name: str
    tag: str
    current: bool


def language_tag() -> str:
    """Return the language of the page for ``<html lang>``."""
    language = get_language() or settings.LANGUAGE_CODE
    return TAGS.get(language, language)


def in_its_language(words: SafeString | str, thing: Any = None) -> SafeString | str:
    """Tell screen readers what language words of the catalogue are in, where the page has another (WCAG 3.1.2).

    A title's language stands in its record; a series or a mere name is taken to be Japanese.
    """
    own = getattr(thing, "language_tag", "ja")
    if not own or language_tag().startswith(own):
        return words
    return format_html('<span lang="{}">{}</span>', own, words)


def choices(request: HttpRequest) -> list[Choice]:
    """Return this page in every language; one that has no address of its own (an error) leads to the start page."""
    path = request.get_full_path() if request.resolver_match else "/"
    return [
        Choice(translate_url(path, code), name, TAGS.get(code, code), code == get_language())
        for code, name in settings.LANGUAGES
    ]
