"""The second factor of the staff: a one-time code of a telephone's app (TOTP), or a recovery code once (STAFF_TOTP).

django-otp keeps the devices and checks the codes; tries are counted by the throttle of this room, which loses none in
parallel. A recovery code stands in the table only as a keyed hash. The session that passed names its device, so a
device that was taken away lets nobody in any more.
"""

import re
import secrets
import unicodedata
from datetime import datetime
from typing import cast

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_otp import devices_for_user, verify_token
from django_otp import login as pass_session
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from patrons.account.sessions import end_others
from patrons.models import User
from patrons.protection import throttle

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper
NEW_KEY = "second_factor"  # where the session of an enrolment keeps the secret until it is confirmed


def is_enrolled(user: User) -> bool:
    """Tell whether somebody has an app that gives codes."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()


def new_device(request: HttpRequest) -> TOTPDevice:
    """Return the device that is being enrolled in this session, not kept yet; an app scans its ``config_url``."""
    secret = request.session.setdefault(NEW_KEY, default_key())
    return TOTPDevice(user_id=request.user.pk, user=request.user, name="app", key=secret)


def enrol(request: HttpRequest, typed: str, *, now: datetime) -> list[str]:
    """Keep the new device if the code is its own, and return new recovery codes; an empty list when it is wrong.

    ShutError after too many wrong codes. Somebody who has a device gets no other one here.
    """
    user = cast(User, request.user)
    ticket = throttle.charge_second_factor(user.pk, now=now)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        device = new_device(request)
        if is_enrolled(user) or not _confirms(device, read_code(typed)):
            return []
        device.save()
        codes = renew_codes(user)
    throttle.give_back(ticket)
    del request.session[NEW_KEY]
    _pass(request, device)
    return codes


def check(request: HttpRequest, typed: str, *, now: datetime) -> bool:
    """Let the session pass if the code is one of the user's; ShutError after too many wrong ones."""
    user, code = cast(User, request.user), read_code(typed)
    ticket = throttle.charge_second_factor(user.pk, now=now)
    of_app = code.isascii() and code.isdigit()  # anything else is a recovery code
    kind, token = (TOTPDevice, code) if of_app else (StaticDevice, _hashed(user, code))
    devices = [device for device in devices_for_user(user) if isinstance(device, kind)]
    device = next((device for device in devices if verify_token(user, device.persistent_id, token)), None)
    if device is None:
        return False
    throttle.give_back(ticket)
    _pass(request, device)
    return True


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """Return fresh recovery codes; those before end."""
    StaticDevice.objects.filter(user_id=user.pk).delete()
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(CODES)]
    device = StaticDevice.objects.create(user_id=user.pk, name="recovery")
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(user, code)) for code in codes)
    return codes


def codes_left(user: User) -> int:
    """Count the recovery codes that were not used."""
    return StaticToken.objects.filter(device__user_id=user.pk).count()


@transaction.atomic
def reset(user: User) -> None:
    """Take a colleague's devices and codes away and end every session: the next login enrols anew."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user_id=user.pk).delete()
    end_others(user, but=None)


def read_code(typed: str) -> str:
    """Return a code as it is meant: half width, small letters, without spaces and hyphens."""
    return re.sub(r"[\s\-‐-―−ー]", "", unicodedata.normalize("NFKC", typed)).lower()


def _confirms(device: TOTPDevice, code: str) -> bool:
    """Check a code without writing: the device's own check would keep it after a wrong code, too."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    right = totp.verify(int(code), device.tolerance)
    device.last_t = totp.t()
    return right


def _pass(request: HttpRequest, device: Device) -> None:
    request.session.cycle_key()
    pass_session(request, device)


def _hashed(user: User, code: str) -> str:
    return salted_hmac("patrons.second_factor", f"{user.pk}:{code}", algorithm="sha256").hexdigest()[:16]
