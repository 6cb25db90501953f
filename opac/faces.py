"""A face decides what is offered where: on the patron's own device, on a terminal, on a touch terminal.

Rules ask a face for a capability, never for its name (SPEC section 1, RULINGS 19).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from patrons.models import ContactMethod
from reservations.models import Reservation


@dataclass(frozen=True)
class Face:
    """What one face offers; ``idle_seconds`` None means that no countdown logs the patron out."""

    name: str
    made_at: str
    contact_methods: tuple[str, ...]
    login_label: str
    basket: bool = True
    sequences: bool = True
    settings: bool = True
    card: bool = True
    idle_seconds: int | None = None


WEB = Face(
    name="web",
    made_at=Reservation.MadeAt.WEB,
    contact_methods=(ContactMethod.EMAIL, ContactMethod.NONE),
    login_label="ログイン",
)


class FaceMiddleware:
    """Set ``request.face``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.face = WEB
        return self.get_response(request)
