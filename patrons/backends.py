"""How Django finds the login of a request, and how the admin's own form logs staff in."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from patrons.models import User
from patrons.sign_in import user_for


class LoginBackend(ModelBackend):
    """Logins of this portal; permissions are Django's."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **others
    ) -> User | None:
        """Return the login whose name and password these are, None otherwise."""
        if username is None or password is None:
            return None
        return user_for(username, password)

    def get_user(self, user_id: int) -> User | None:
        """Return a session's login with its patron, in one query; None when it was closed."""
        return User.objects.select_related("patron").filter(pk=user_id, is_active=True).first()
