"""A database for one measurement, so that the portal's own rows are neither touched nor sent anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Run the block in a new, migrated database beside the usual one; it is dropped afterwards.

    The role of the portal needs the right to make databases.
    """
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)
