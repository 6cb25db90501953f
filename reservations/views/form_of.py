"""What several pages of this room answer alike."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from reservations.limits import RefusedError


def form_of(page: str) -> Callable:
    """Let a view take POST only; anything else, such as the way back from a login in between, opens ``page``."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def posted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(page)

        return posted

    return decorate


def say(request: HttpRequest, error: RefusedError) -> None:
    """Show what was refused on the next page."""
    for refusal in error.refusals:
        messages.error(request, refusal.sentence)
