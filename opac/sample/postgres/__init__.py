"""The embedded PostgreSQL of development, the sample run and the tests; standard library only."""

from opac.sample.postgres.binaries import PostgresError
from opac.sample.postgres.server import Server, database, running

__all__ = ["PostgresError", "Server", "database", "running"]
