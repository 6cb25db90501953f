"""Where a request comes from: network, device, terminal; what of it may be kept."""

import ipaddress
import re
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_noop

COOKIE = "device"
COOKIE_DAYS = 365
PEOPLE_PER_DEVICE = 5
_SALT = "patrons.origin"  # cookies signed under this name outlive a module that moves

_SYSTEMS = (
    ("iPhone|iPad", "iPhone・iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (("Edg", "Edge"), ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"))


@dataclass(frozen=True)
class Origin:
    """``network`` an IPv4 address or an IPv6 /64; ``device`` the mark of a device that is known for this login,
    else ""; ``terminal`` the id of a registered terminal, else "".
    """

    network: str
    device: str = ""
    terminal: str = ""


def origin_of(request: HttpRequest, username: str) -> Origin:
    """Return where a login of ``username`` comes from."""
    terminal = getattr(request, "terminal", None)
    if terminal:
        return Origin(_network(request), terminal=str(terminal.pk))
    return Origin(_network(request), device=dict(_known(request)).get(_mark(username), ""))


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Mark this browser as known for a login that got in with its own password; never a terminal.

    The cookie is signed, names nobody and gives the login tries of its own, so that nobody can lock it out from afar.
    """
    if getattr(request, "terminal", None):
        return
    mark = _mark(username)
    known = _known(request)
    device = dict(known).get(mark) or get_random_string(22)
    others = [pair for pair in known if pair[0] != mark]
    response.set_cookie(
        COOKIE,
        signing.dumps([(mark, device), *others][:PEOPLE_PER_DEVICE], salt=_SALT),
        max_age=COOKIE_DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def device_words(request: HttpRequest) -> str:
    """Say in a few words on what a browser runs, for the patron's list of sessions."""
    agent = request.headers.get("User-Agent", "")
    found = [next((words for sign, words in signs if re.search(sign, agent)), "") for signs in (_SYSTEMS, _BROWSERS)]
    return "・".join(filter(None, found)) or gettext_noop("わからない端末")


def _known(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        pairs = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_DAYS * 86_400)
    except signing.BadSignature:
        return []
    return [(mark, device) for mark, device in pairs]


def _mark(username: str) -> str:
    return salted_hmac(_SALT, username, algorithm="sha256").hexdigest()[:16]


def client_address(request: HttpRequest) -> str:
    """Return the client's address; behind TRUSTED_PROXIES proxies the one that the outermost of them saw.

    ::ffff:192.0.2.7, as a server on IPv6 and IPv4 alike sees a client, is 192.0.2.7.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        address = hops[-settings.TRUSTED_PROXIES]
    try:
        mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None)
    except ValueError:
        return address
    return str(mapped) if mapped else address


def _network(request: HttpRequest) -> str:
    try:
        parsed = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
