"""A face decides what is offered where: on the patron's own device, on a terminal, on a touch terminal.

Rules ask a face for a capability, never for its name (decisions 13 and 19).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog import requests, terminals
from catalog.models import Terminal
from patrons.models import ContactMethod
from patrons.protection.origin import client_address
from reservations.models import Reservation

COOKIE = "terminal"
SALT = "opac.faces"  # cookies signed under this name outlive a module that moves
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one; renewed by use


@dataclass(frozen=True)
class Face:
    """What one face offers.

    ``idle_seconds`` None means that no countdown logs the patron out; ``visit_seconds`` bounds a login on a shared
    device; ``closed`` names the pages (``room:page``, or ``room:*`` for all of a room) that are not offered.
    """

    name: str
    made_at: str
    contact_methods: tuple[str, ...]
    login_label: str | Promise
    basket: bool = True
    sequences: bool = True
    settings: bool = True
    shelves: bool = True
    files: bool = True
    card: bool = True
    passkeys: bool = True
    touch: bool = False
    outside_links: bool = True
    masked: bool = False
    idle_seconds: int | None = None
    visit_seconds: int | None = None
    closed: frozenset[str] = frozenset()

    def offers(self, page: str) -> bool:
        """Tell whether a page, by its URL name, opens on this face."""
        return page not in self.closed and f"{page.partition(':')[0]}:*" not in self.closed


WEB = Face(
    name="web",
    made_at=Reservation.MadeAt.WEB,
    contact_methods=ContactMethod.on_web(),
    login_label=_("ログイン"),
)

CARD_PAGES = frozenset({"patrons:card", "patrons:saved_card", "patrons:card_worker", "patrons:manifest"})
PASSKEY_PAGES = frozenset(
    {
        "patrons:passkey_challenge",
        "patrons:passkey_login",
        "patrons:passkeys",
        "patrons:passkey",
        "patrons:passkey_registration",
        "patrons:passkey_removal",
    }
)
# What a patron reads about themselves, for no screen that others stand beside.
OWN_DATA_PAGES = frozenset(
    {
        "patrons:reading_log",
        "patrons:reading_log_choice",
        "patrons:reading_log_deletion",
        "opac:my_data",
        "opac:my_data_json",
        "opac:my_data_csv",
        "opac:erasure",
        "opac:erased",
    }
)
# A shared device keeps no file, and shows no list of what somebody has read.
FILE_PAGES = frozenset({"patrons:shelf_file", "patrons:passbook"})
SHELF_PAGES = FILE_PAGES | {
    "patrons:shelves",
    "patrons:shelf",
    "patrons:shelf_addition",
    "patrons:shelf_isbn",
    "patrons:shelf_settings",
    "patrons:shelf_removal",
    "patrons:shelf_entry",
    "patrons:shelf_mark",
    "patrons:shelf_position",
    "patrons:shelf_taking",
    "patrons:shelf_return",
    "patrons:challenges",
    "patrons:new_challenge",
    "patrons:challenge",
    "patrons:challenge_settings",
    "patrons:challenge_removal",
}
HOME_PAGES = (
    CARD_PAGES
    | PASSKEY_PAGES
    | OWN_DATA_PAGES
    | SHELF_PAGES
    | {
        "reservations:basket",
        "reservations:basket_entries",
        "patrons:settings",
        "patrons:sessions",
        "notifications:*",
        "notifications:new_alert",
        "notifications:alert",
        "notifications:activity",
        "notifications:removal",
        "notifications:reminders",
    }
)

TERMINAL = Face(
    name="terminal",
    made_at=Reservation.MadeAt.TERMINAL,
    contact_methods=tuple(ContactMethod.values),
    login_label=_("My ライブラリログイン"),
    files=False,
    card=False,
    passkeys=False,
    outside_links=False,
    masked=True,
    idle_seconds=60,
    visit_seconds=600,
    closed=CARD_PAGES | PASSKEY_PAGES | OWN_DATA_PAGES | FILE_PAGES,
)

TOUCH = replace(
    TERMINAL,
    name="touch terminal",
    basket=False,
    sequences=False,
    settings=False,
    shelves=False,
    touch=True,
    closed=HOME_PAGES,
)

FACES = {Terminal.Kind.KEYBOARD.value: TERMINAL, Terminal.Kind.TOUCH.value: TOUCH}


class FaceMiddleware:
    """Set ``request.terminal`` and ``request.face``; a terminal's browser keeps no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast(requests.PortalRequest, request)
        known.terminal = terminal_of(request)
        known.face = FACES[known.terminal.kind] if known.terminal else WEB
        response = self.get_response(request)
        if known.terminal:
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: requests.PortalRequest, view: Callable[..., HttpResponse], given: tuple, named: dict
    ) -> HttpResponse | None:
        """Answer a page that this face does not offer with the place where it is offered."""
        page = request.resolver_match
        if page is None or request.face.offers(page.view_name):
            return None
        return render(request, "opac/not_here.html", status=403)


def terminal_of(request: HttpRequest) -> Terminal | None:
    """Return the registered device the request comes from; without its cookie nothing is asked of the database."""
    if COOKIE not in request.COOKIES:
        return None
    try:
        pk, secret = signing.loads(request.COOKIES[COOKIE], salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return terminals.recognise(pk, secret, address=client_address(request))


def mark(response: HttpResponse, terminal: Terminal) -> None:
    """Let the device show from now on that it is this terminal."""
    response.set_cookie(
        COOKIE,
        signing.dumps([terminal.pk, terminal.secret], salt=SALT),
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
