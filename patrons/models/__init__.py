"""Who logs in (User) and who borrows (Patron), what keeps accounts safe, account mail to be sent, the reading log."""

from patrons.models.account_policy import AccountPolicy
from patrons.models.look_up import LookUp
from patrons.models.mail_request import MailRequest
from patrons.models.passkey import Passkey
from patrons.models.patron import ContactMethod, Patron, TextSize
from patrons.models.reading_log import ReadingLog, SealedRead
from patrons.models.session import LoginSession
from patrons.models.try_counter import TryCounter
from patrons.models.user import User

__all__ = (
    "AccountPolicy",
    "ContactMethod",
    "LoginSession",
    "LookUp",
    "MailRequest",
    "Passkey",
    "Patron",
    "ReadingLog",
    "SealedRead",
    "TextSize",
    "TryCounter",
    "User",
)
