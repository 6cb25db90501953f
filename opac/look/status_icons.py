"""How a state looks: the colour, the shape and the icon that stand beside its word."""

from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# States in words, each with its colour and its icon.
STATES = (
    (_("予約中"), ("wait", "clock")),
    (_("配送中"), ("move", "truck")),
    (_("取置／貸出可"), ("good", "check")),
    (_("貸出済"), ("", "book")),
    (pgettext_lazy("state", "取消"), ("", "cross")),
    (_("取置期限切れ"), ("stop", "calendar")),
    (_("在庫"), ("good", "check")),
    (_("貸出中"), ("", "minus")),
    (_("取置"), ("move", "bell")),
    (_("整理中"), ("", "gear")),
    (_("調査中"), ("", "search")),
    (_("除籍"), ("", "cross")),
    (_("延滞"), ("stop", "warning")),
    (_("延長済"), ("", "clock")),
    (_("休止中"), ("", "pause")),
    (_("開館"), ("good", "check")),
    (_("休館"), ("", "minus")),
    (_("お知らせする"), ("good", "mail")),
    (_("お知らせしない"), ("", "pause")),
    (_("読みたい"), ("wait", "flag")),
    (_("読んでいる"), ("move", "book")),
    (_("読んだ"), ("good", "check")),
    (_("達成"), ("good", "success")),
)

PLAIN = ("", "info")


@cache
def look_of(label: str, language: str | None) -> tuple[str, str]:
    """Return colour and icon of a state by its word in ``language``, which is the page's."""
    return {str(words): look for words, look in STATES}.get(label, PLAIN)
