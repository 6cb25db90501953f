"""Who logs in (User) and who borrows (Patron), the rules for accounts, and account mail that is to be sent."""

from patrons.models.account_policy import AccountPolicy
from patrons.models.mail_request import MailRequest
from patrons.models.patron import ContactMethod, Patron
from patrons.models.user import User

__all__ = ("AccountPolicy", "ContactMethod", "MailRequest", "Patron", "User")
