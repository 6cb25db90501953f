"""What an error of the database means for who waits: does it pass, and may the work be done all the same?"""

from collections.abc import Iterator

from django.db import Error, InterfaceError, InternalError, OperationalError

# PostgreSQL's codes. Internal errors that pass: a standby not yet promoted, a transaction that was left idle too long.
READ_ONLY, LEFT_IDLE = "25006", "25P03"
CANCELLED = "57014"  # a statement that took too long; the rest of class 57 ends connections
BROKEN = ("08", "57")
LONGEST_CHAIN = 10


def passing(error: BaseException | None) -> Error | None:
    """Return the error of the database behind ``error`` after which the same request may succeed later, or None.

    A server that is away, full, read-only, restarting or blocked is meant, not a statement that is wrong.
    """
    return next((one for one in _chain(error) if isinstance(one, Error) and _passes(one)), None)


def outcome_unknown(error: Error) -> bool:
    """Tell whether the connection broke: then the answer of a COMMIT that was carried out may be what was lost.

    A lock that was not got, or a statement that was given up, was rolled back for certain.
    """
    if isinstance(error, InterfaceError):
        return True
    if error.__cause__ is None:
        return False  # our own, as when too many search at once
    code = _code(error)
    return code is None or (code.startswith(BROKEN) and code != CANCELLED)


def _passes(error: Error) -> bool:
    if isinstance(error, InternalError):
        return _code(error) in {READ_ONLY, LEFT_IDLE}
    return isinstance(error, OperationalError | InterfaceError)


def _code(error: Error) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from or behind, as a session that cannot be saved is."""
    for _ in range(LONGEST_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
