"""How a row of the reading log is sealed: AES-256-GCM under a key of the patron's own.

The key is derived (HKDF-SHA256) from a secret of the environment and from the patron's random salt, so that neither the
tables nor the secret alone open anything, and rows without their salt stay shut for ever. The secret has a version, as
the pepper of passwords has: new rows are sealed with the newest, older ones are opened with theirs.
"""

import json
import os
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from patrons.models.reading_log import SALT_BYTES, SEALED_BYTES

NONCE_BYTES, TAG_BYTES = 12, 16
Bytes = bytes | memoryview  # as the database driver gives them
TEXT_BYTES = SEALED_BYTES - NONCE_BYTES - TAG_BYTES


class ShutForEverError(Exception):
    """The row cannot be opened: its secret is gone, or somebody changed it."""


@dataclass(frozen=True)
class Content:
    """What a row says: which title, its name on the day it came back, and that day in Asia/Tokyo."""

    title_id: int
    title: str
    on: date


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def newest() -> int:
    """Return the version of the secret that seals now."""
    return max(settings.READING_LOG_SECRETS)


def seal(content: Content, salt: Bytes) -> bytes:
    """Return the content, JSON of one length, sealed with the newest secret; a title too long for it loses its end."""
    title = content.title
    while len(text := json.dumps([content.title_id, f"{content.on}", title], ensure_ascii=False).encode()) > TEXT_BYTES:
        title = title[:-1]
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(newest(), salt)).encrypt(nonce, text.ljust(TEXT_BYTES), None)


def unseal(sealed: Bytes, salt: Bytes, version: int) -> Content:
    """Return what was sealed; ShutForEverError when the secret of that version is gone or the bytes were changed."""
    if version not in settings.READING_LOG_SECRETS:
        raise ShutForEverError
    nonce, text = bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:])
    try:
        text = AESGCM(_key(version, salt)).decrypt(nonce, text, None)
    except InvalidTag as error:
        raise ShutForEverError from error
    title_id, on, title = json.loads(text)
    return Content(title_id, title, date.fromisoformat(on))


def _key(version: int, salt: Bytes) -> bytes:
    secret = settings.READING_LOG_SECRETS[version].encode()
    return HKDF(algorithm=SHA256(), length=32, salt=bytes(salt), info=b"portal reading log").derive(secret)
