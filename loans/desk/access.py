"""Who may open a page of the counter, and where the counter stands today."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from catalog.models import Library
from catalog.requests import PortalRequest
from patrons.models import User

Given = ParamSpec("Given")  # what the address hands to a view besides the request
CHOSEN = "desk_library"
"""Where a session keeps the library of its counter."""

NO_TITLE = "資料が見つかりません。資料番号、書誌番号、ISBNのどれかを入れてください。"
NO_REASON = "理由を入れてください。利用者にも表示されます。"


class NothingDoneError(Exception):
    """A form lacked something; the sentence for staff is the argument."""


class DeskRequest(PortalRequest):
    """A request behind ``at_the_desk``: who works at the counter of which library."""

    library: Library
    user: User


def at_the_desk(
    view: Callable[Concatenate[DeskRequest, Given], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponse]:
    """Open a view to staff who work at the counter, with ``request.library``: where they stand today."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        if not request.user.has_perm("loans.work_at_the_desk"):
            raise PermissionDenied
        known = cast(DeskRequest, request)
        chosen = known.session.get(CHOSEN) or known.user.library_id
        here = Library.objects.filter(pk=chosen or 0).first() or Library.objects.first()
        if here is None:
            messages.error(known, "先に図書館を登録してください。")
            return redirect(f"{reverse('admin:index')}?lists=1")
        known.library = here
        return view(known, *args, **kwargs)

    return guarded
