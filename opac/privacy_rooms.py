"""What every room holds about a patron, gathered: ``<room>.privacy`` of each (decision 1)."""

from importlib import import_module
from types import ModuleType

ROOMS = ("patrons", "reservations", "loans", "notifications")


def privacy() -> list[ModuleType]:
    """Return the privacy module of each room, in the order in which a patron reads about them."""
    return [import_module(f"{room}.privacy") for room in ROOMS]
