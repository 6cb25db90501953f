"""The portal's own addresses, and some that fail in each way a page can: for tests of what is said then."""

from collections.abc import Callable
from typing import NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest
from django.urls import path

from opac import urls
from opac.urls import handler400, handler403, handler404, handler500  # noqa: F401

FAULTS = {400: BadRequest, 403: PermissionDenied, 500: ValueError, 503: OperationalError}


def failing(fault: type[Exception]) -> Callable[[HttpRequest], NoReturn]:
    def view(request: HttpRequest) -> NoReturn:
        raise fault("as asked by a test")

    return view


urlpatterns = [*urls.urlpatterns, *(path(f"failing/{status}/", failing(fault)) for status, fault in FAULTS.items())]
