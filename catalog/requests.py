"""A request as the portal's middleware hands it to a view: where it comes from, and what may be offered there.

Views annotate their request with one of these: ``PortalRequest`` here, ``PatronRequest``
(``patrons.account.access``) behind a patron's login, ``DeskRequest`` (``loans.desk``) at the counter.
"""

from typing import TYPE_CHECKING, Protocol

from django.http import HttpRequest

if TYPE_CHECKING:
    from catalog.models import Terminal


class Face(Protocol):
    """What one face offers, as rules and pages ask it (decision 19); ``opac.faces.face`` has the values."""

    @property
    def made_at(self) -> str: ...
    @property
    def contact_methods(self) -> tuple[str, ...]: ...
    @property
    def basket(self) -> bool: ...
    @property
    def sequences(self) -> bool: ...
    @property
    def settings(self) -> bool: ...
    @property
    def passkeys(self) -> bool: ...
    @property
    def touch(self) -> bool: ...
    @property
    def masked(self) -> bool: ...
    @property
    def idle_seconds(self) -> int | None: ...
    @property
    def visit_seconds(self) -> int | None: ...

    def offers(self, page: str) -> bool:
        """Tell whether a page, by its URL name, opens on this face."""


class PortalRequest(HttpRequest):
    """Any request: ``terminal`` is the registered device it comes from, ``visit_ends_in`` counts seconds there."""

    face: Face
    terminal: "Terminal | None"
    visit_ends_in: int | None
