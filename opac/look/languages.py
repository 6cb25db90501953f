"""The languages of the patrons' pages: a language stands at the front of the address, so none needs a cookie.

Japanese has no prefix. やさしい日本語 is a language of its own (``ja-easy``): hand-written texts, not a filter.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.languages.table import LANGUAGES, current


@dataclass(frozen=True)
class LanguageChoice:
    """This page in one language: ``tag`` names the language to browsers."""

    href: str
    name: str
    tag: str
    current: bool


def language_tag() -> str:
    """Return the language of the page for ``<html lang>``."""
    return current().tag


def in_its_language(words: SafeString | str, thing: Any = None) -> SafeString | str:
    """Tell screen readers what language words of the catalogue are in, where the page has another (WCAG 3.1.2).

    A title's language stands in its record; a series or a mere name is taken to be Japanese.
    """
    own = getattr(thing, "language_tag", "ja")
    if not own or language_tag().startswith(own):
        return words
    return format_html('<span lang="{}">{}</span>', own, words)


def choices(request: HttpRequest) -> list[LanguageChoice]:
    """Return this page in every language; one that has no address of its own (an error) leads to the start page."""
    path = request.get_full_path() if request.resolver_match else "/"
    return [
        LanguageChoice(translate_url(path, language.code), language.name, language.tag, language == current())
        for language in LANGUAGES
    ]
