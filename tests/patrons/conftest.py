"""What the account's tests share."""

import threading
from dataclasses import dataclass, field

import argon2
import pytest


@dataclass
class Hashes:
    """How often Argon2 ran, in any thread."""

    count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def one_more(self) -> None:
        with self._lock:
            self.count += 1


@pytest.fixture
def hashes(monkeypatch) -> Hashes:
    """Count the evaluations of the hash function; they still run."""
    counted = Hashes()
    for name in ("hash", "verify"):
        original = getattr(argon2.PasswordHasher, name)

        def counting(*args, original=original, **kwargs):
            counted.one_more()
            return original(*args, **kwargs)

        monkeypatch.setattr(argon2.PasswordHasher, name, counting)
    return counted
