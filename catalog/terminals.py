"""Registering a device as 館内利用者検索機: a code for the device, the device's secret, the end of it.

A terminal is a terminal because staff registered it, never because of a user agent or an address (docs/spec.md, 1).
"""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import qrcode
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathFillImage

from catalog.models import Library, Terminal

CODE_DIGITS = 12
CODE_LIFE = timedelta(minutes=15)


def issue_code(terminal: Terminal, *, now: datetime) -> str:
    """Give a terminal a registration code of 12 digits that lives 15 minutes and works once; return it."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    terminal.code_digest, terminal.code_until = _digest(code), now + CODE_LIFE
    terminal.save(update_fields=["code_digest", "code_until"])
    return code


@dataclass(frozen=True)
class CodeSheet:
    """A code as staff need it: ``spoken`` to type, the address to open, and pictures of both (SVG)."""

    terminal: Terminal
    spoken: str
    address: str
    qr: SafeString
    digits: SafeString


def code_sheet(terminal: Terminal, *, now: datetime) -> CodeSheet:
    """Issue a code and draw it: the QR code opens /terminal/ with it filled in, the second one is the code alone."""
    code = issue_code(terminal, now=now)
    spoken = "-".join(code[start : start + 4] for start in range(0, len(code), 4))
    page = settings.SITE_URL + reverse("opac:enrol")
    pictures = (mark_safe(qr_code(text, size=15).decode()) for text in (f"{page}?code={code}", code))  # noqa: S308
    return CodeSheet(terminal, spoken, page, *pictures)


def qr_code(text: str, *, size: int) -> bytes:
    """Draw text as SVG, black on white with its quiet zone; ``size`` is a module's side in tenths of a millimetre."""
    return qrcode.make(text, image_factory=SvgPathFillImage, box_size=size).to_string()


@transaction.atomic
def enrol(code: str, *, now: datetime) -> Terminal | None:
    """Use up a code typed or scanned on a device: return its terminal with a new secret, None if it is not valid.

    Full-width digits, spaces and hyphens are understood. A secret held by an earlier device ends.
    """
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign in "0123456789")
    waiting = Terminal.objects.select_for_update(no_key=True).filter(code_digest=_digest(digits), code_until__gt=now)
    terminal = waiting.first()
    if terminal is None:
        return None
    terminal.code_digest, terminal.code_until = "", None
    terminal.secret, terminal.enrolled_at, terminal.revoked_at = secrets.token_urlsafe(32), now, None
    terminal.save()
    return terminal


def revoke(terminal: Terminal, *, now: datetime) -> None:
    """End a registration at once: the device's next request is no terminal's any more."""
    terminal.code_digest, terminal.code_until = "", None
    terminal.secret, terminal.revoked_at = "", now
    terminal.save()


def recognise(pk: int, secret: str, *, address: str) -> Terminal | None:
    """Return the terminal of a device that shows its secret from within its library's network, else None."""
    terminal = Terminal.objects.enrolled().select_related("library").filter(pk=pk).first()
    if terminal is None or not constant_time_compare(terminal.secret, secret):
        return None
    return terminal if within(terminal.library, address) else None


def within(library: Library, address: str) -> bool:
    """Tell whether an address lies in the networks of a library; one without networks takes any address."""
    networks = library.terminal_networks.split()
    try:
        return not networks or any(ip_address(address) in ip_network(network) for network in networks)
    except ValueError:
        return False


def _digest(code: str) -> str:
    return salted_hmac("catalog.terminals", code, algorithm="sha256").hexdigest()
