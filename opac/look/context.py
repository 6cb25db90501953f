"""What every page shows whatever its room: the house rules' names and the libraries' telephones (SPEC F5)."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog.models import Library, Policy


def library_facts(request: HttpRequest) -> dict:
    """Give templates ``policy`` and ``libraries``; both are read only when a template asks."""
    return {
        "policy": SimpleLazyObject(Policy.current),
        "libraries": SimpleLazyObject(lambda: list(Library.objects.all())),
    }
