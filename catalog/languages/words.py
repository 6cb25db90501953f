"""Words that a language chooses by where they stand: a state beside a button of the same name, a space between them."""

from django.utils.translation import get_language, gettext, pgettext


def state_in_words(label: str) -> str:
    """Return a state in the page's language: 「取消」 is a button and a state, and other languages say them apart."""
    said = pgettext("state", label) if label else ""
    return said if said != label else gettext(label)


def gap() -> str:
    """Return what stands between two sentences, or a day and a time: a space where the language writes one."""
    return "" if (get_language() or "ja").startswith(("ja", "zh")) else " "
