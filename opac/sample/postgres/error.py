"""The one error of this package."""


class PostgresError(RuntimeError):
    """Say in one sentence why the embedded server cannot run, and what helps."""
