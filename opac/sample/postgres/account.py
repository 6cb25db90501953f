"""The account that runs the server: ours, or a lesser one when we are root, as whom PostgreSQL refuses to run."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opac.sample.postgres.binaries import PostgresError

LESSER = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who runs the server; ``borrowed`` when that is not ourselves."""

    uid: int
    gid: int
    borrowed: bool

    @classmethod
    def choose(cls) -> "Account":
        """Return our own account, or the first of LESSER when we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), borrowed=False)
        for name in LESSER:
            try:
                found = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(found.pw_uid, found.pw_gid, borrowed=True)
        raise PostgresError(f"PostgreSQL does not run as root, and none of the accounts {LESSER} exists.")

    def identity(self) -> dict[str, Any]:
        """Return the arguments with which subprocess runs a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def reaches(self, path: Path) -> bool:
        """Tell whether this account may enter the folder or run the program."""
        if not self.borrowed:
            return True
        asked = subprocess.run(["test", "-x", path], cwd="/", check=False, **self.identity())  # noqa: S603, S607
        return asked.returncode == 0

    def own(self, folder: Path) -> None:
        """Make the folder, open to this account alone."""
        make_folder(folder, mode=0o700, owner=self.uid)
        self.give(folder)

    def give(self, path: Path) -> None:
        """Make this account the owner."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def make_folder(folder: Path, *, mode: int, owner: int) -> None:
    """Make the folder with this mode, or refuse one that somebody else may have laid in our way."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise PostgresError(f"{folder} belongs to somebody else; remove it.") from None
    folder.chmod(mode)
