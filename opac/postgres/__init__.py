"""The embedded PostgreSQL of development, the sample run and the tests; standard library only."""

from opac.postgres.error import PostgresError
from opac.postgres.server import Server, database, running

__all__ = ["PostgresError", "Server", "database", "running"]
