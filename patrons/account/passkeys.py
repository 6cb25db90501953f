"""Passkeys (WebAuthn): made in the settings, used in place of card number and password, never required (SPEC P8).

A device is asked twice: ``begin_…`` puts a challenge into the session and returns what the browser hands to the device,
``finish_…`` takes the challenge out, so that it serves once, and looks at the device's answer. The site's name and
origin come from SITE_URL, never from the request; the device must have verified its owner (finger, face, PIN).
A password that was guessed at does not shut out a passkey, which nobody can guess; tries are counted for the network.

Lock order: Patron, then Passkey and MailRequest.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from catalog.models import Policy
from patrons.models import MailRequest, Passkey, Patron, User
from patrons.protection import throttle
from patrons.protection.origin import Origin

MOST = 10  # passkeys of one patron
LIVES = timedelta(minutes=5)
LONGEST_ANSWER = 20_000  # characters; a device's answer has one or two thousand
_KEY = "passkey"
Response = TypeVar("Response", RegistrationResponse, AuthenticationResponse)
_VERIFIED = UserVerificationRequirement.REQUIRED
# What the library's reader raises for JSON, base64 and CBOR that no device wrote; it promises none of them. Only its
# reader runs under these: a fault of ours stays a fault.
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

LATE = _("時間がたったため、確かめられませんでした。もう一度はじめからお試しください。")
UNCLEAR = _("パスキーを確かめられませんでした。もう一度お試しになるか、パスワードでログインしてください。")
UNKNOWN = _("このパスキーは登録されていません。パスワードでログインしてください。")
COPIED = _("このパスキーは安全に使えません。パスワードでログインして、登録し直してください。")
NOT_MADE = _("パスキーを登録できませんでした。もう一度お試しください。")
TWICE = _("このパスキーは、もう登録されています。")
TOO_MANY = _("登録できるパスキーは10個までです。使わないパスキーを削除してから、登録してください。")


class PasskeyRefusedError(Exception):
    """A passkey was not made or not let in; ``str`` of it says to the patron what to do."""


def offered() -> bool:
    """Tell whether the configured site can have passkeys: it is https (or this machine) and has a name."""
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    numeric = ":" in host or host.rpartition(".")[2].isdecimal()  # an address: browsers read it by its end, too
    return host == "localhost" or (site.scheme == "https" and not numeric)


def origin_of_site() -> str:
    """Return the one origin whose answers count, as a browser writes it."""
    site = urlsplit(settings.SITE_URL)
    usual = {"https": 443, "http": 80}.get(site.scheme)
    return f"{site.scheme}://{site.hostname}" + (f":{site.port}" if site.port not in (None, usual) else "")


def on_page() -> dict[str, str]:
    """Return what the pages' script needs: the origin where it may show its buttons, "" where there are none."""
    return {"passkey_origin": origin_of_site() if offered() else ""}


def begin_registration(patron: Patron, name: str, session: SessionBase, *, now: datetime) -> dict[str, Any]:
    """Return what the browser asks a device for a new passkey with; the patron's password was asked for before."""
    known = list(patron.passkeys.all())
    if len(known) >= MOST:
        raise PasskeyRefusedError(TOO_MANY)
    handle = bytes(known[0].user_handle) if known else os.urandom(32)
    user = PublicKeyCredentialUserEntity(id=handle, name=patron.card_number, display_name=patron.name)
    options, state = _server().register_begin(
        user,
        [_credential(passkey) for passkey in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    _keep(session, "register", state, now, name=name, handle=websafe_encode(handle), patron=patron.pk)
    return dict(options)["publicKey"]


def finish_registration(patron: Patron, answer: str, session: SessionBase, *, now: datetime) -> Passkey:
    """Keep the passkey a device made, and have the patron told by mail; PasskeyRefusedError says what was wrong."""
    asked = _take(session, "register", now)
    if asked["patron"] != patron.pk:
        raise PasskeyRefusedError(LATE)
    response = _parsed(RegistrationResponse, answer, NOT_MADE)
    credential = response.response.attestation_object.auth_data.credential_data
    if credential is None or not _can_be_checked(credential):
        raise PasskeyRefusedError(NOT_MADE)
    with _refused(NOT_MADE):
        made = _server().register_complete(asked["state"], response)
    return _save(patron, credential, made.counter, asked, now)


def begin_login(origin: Origin, session: SessionBase, *, now: datetime) -> dict[str, Any]:
    """Return what the browser asks a device for any passkey of this site with; ShutError after too many tries."""
    ticket = throttle.charge_passkey(origin, now=now)
    options, state = _server().authenticate_begin(user_verification=_VERIFIED)
    _keep(session, "login", state, now, charged=ticket.windows)
    return dict(options)["publicKey"]


def finish_login(answer: str, session: SessionBase, *, now: datetime) -> User:
    """Return whose passkey answered, and note its use; PasskeyRefusedError says what was wrong."""
    asked = _take(session, "login", now)
    response = _parsed(AuthenticationResponse, answer, UNCLEAR)
    rows = Passkey.objects.select_related("patron__user").select_for_update(of=("self",), no_key=True)
    with transaction.atomic():
        passkey = rows.filter(credential_id=response.raw_id, user_handle=response.response.user_handle or b"").first()
        if passkey is None:
            raise PasskeyRefusedError(UNKNOWN)
        with _refused(UNCLEAR):
            _server().authenticate_complete(asked["state"], [_credential(passkey)], response)
        patron, count = passkey.patron, response.response.authenticator_data.counter
        if not patron.user.is_active or patron.own_password_set_at is None:
            raise PasskeyRefusedError(UNKNOWN)
        if count <= passkey.sign_count and (count or passkey.sign_count):
            raise PasskeyRefusedError(COPIED)
        passkey.sign_count, passkey.last_used_at = count, now
        passkey.save(update_fields=("sign_count", "last_used_at"))
    throttle.give_back(throttle.Ticket((), tuple(asked["charged"]), locks_card=False))
    return patron.user


@transaction.atomic
def remove(patron: Patron, passkey: Passkey, *, now: datetime) -> None:
    """Forget a passkey and have the patron told by mail."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    if patron.passkeys.filter(pk=passkey.pk).delete()[0]:
        tell(patron, MailRequest.Kind.PASSKEY_REMOVED, now=now)


def end_all(patron: Patron, *, now: datetime) -> None:
    """Forget every passkey of a patron whose row the caller has locked: who proved to be the owner begins anew."""
    if patron.passkeys.all().delete()[0]:
        tell(patron, MailRequest.Kind.PASSKEY_REMOVED, now=now)


def tell(patron: Patron, kind: str, *, now: datetime) -> None:
    """Have a patron with an address told of a change of passkeys."""
    if patron.email:
        MailRequest.objects.create(kind=kind, patron=patron, address=patron.email, created_at=now)


@transaction.atomic
def _save(
    patron: Patron, credential: AttestedCredentialData, count: int, asked: dict[str, Any], now: datetime
) -> Passkey:
    """Write a new passkey under the patron's lock, unless there are too many or somebody has it."""
    Patron.objects.select_for_update(no_key=True).get(pk=patron.pk)
    if patron.passkeys.count() >= MOST:
        raise PasskeyRefusedError(TOO_MANY)
    passkey, fresh = Passkey.objects.get_or_create(
        credential_id=credential.credential_id,
        defaults={
            "patron": patron,
            "name": asked["name"],
            "credential": bytes(credential),
            "user_handle": websafe_decode(asked["handle"]),
            "sign_count": count,
            "created_at": now,
        },
    )
    if not fresh:
        raise PasskeyRefusedError(TWICE)
    tell(patron, MailRequest.Kind.PASSKEY_ADDED, now=now)
    return passkey


def _server() -> Fido2Server:
    """Return the library's half of the protocol, bound to the configured site."""
    site = origin_of_site()
    house = PublicKeyCredentialRpEntity(id=urlsplit(site).hostname, name=Policy.current().organisation_name)
    return Fido2Server(
        house, attestation=AttestationConveyancePreference.NONE, verify_origin=lambda origin: origin == site
    )


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _keep(session: SessionBase, what: str, state: dict[str, Any], now: datetime, **facts: Any) -> None:
    until = (now + LIVES).timestamp()
    session[_KEY] = {"for": what, "state": state, "until": until, **facts}


def _take(session: SessionBase, what: str, now: datetime) -> dict[str, Any]:
    """Take the challenge out of the session, so that it serves once; what is late or for something else is gone too."""
    asked = session.pop(_KEY, None)
    if asked is None or asked["for"] != what or now.timestamp() >= asked["until"]:
        raise PasskeyRefusedError(LATE)
    return asked


def _parsed(kind: type[Response], answer: str, words: str | Promise) -> Response:
    """Read what a browser posted; PasskeyRefusedError with the words when no device wrote it."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefusedError(words)
    try:
        parsed = kind.from_dict(json.loads(answer))
    except _UNREADABLE as error:
        raise PasskeyRefusedError(words) from error
    if parsed is None:
        raise PasskeyRefusedError(words)
    return parsed


@contextmanager
def _refused(words: str | Promise) -> Iterator[None]:
    """Say in these words that the library refuses an answer, which it does by ValueError."""
    try:
        yield
    except ValueError as error:
        raise PasskeyRefusedError(words) from error


def _can_be_checked(credential: AttestedCredentialData) -> bool:
    """Tell whether a new key can check a signature: of an unknown kind, or on no curve, it would never let in.

    The library looks into a key only when it checks by it, so it is asked to, and only its code runs here: an unknown
    kind ends in NotImplementedError, a missing part in KeyError, a part of another type in TypeError, no curve in
    ValueError.
    """
    try:
        credential.public_key.verify(b"", b"")
    except InvalidSignature:
        return True
    except (NotImplementedError, KeyError, TypeError, ValueError):
        return False
    return False
