"""How Django finds the login of a request, and how the admin's own form logs staff in."""

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from patrons.account.sign_in import sign_in
from patrons.models import User
from patrons.protection.origin import origin_of
from patrons.protection.throttle import ShutError


class LoginBackend(ModelBackend):
    """Logins of this portal; permissions are Django's."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **others: object
    ) -> User | None:
        """Return the login whose name and password these are; after too many tries PermissionDenied ends the asking."""
        if request is None or username is None or password is None:
            return None
        try:
            return sign_in(username, password, origin_of(request, username), now=timezone.now())
        except ShutError as error:
            raise PermissionDenied from error

    def get_user(self, user_id: int) -> User | None:
        """Return a session's login with its patron, in one query; None when it was closed."""
        return User.objects.select_related("patron").filter(pk=user_id, is_active=True).first()
