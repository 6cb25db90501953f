"""Logins (User) and borrowers (Patron), what keeps accounts safe, account mail, reading log, shelves, challenges."""

from patrons.models.account_policy import AccountPolicy
from patrons.models.challenge import Challenge
from patrons.models.contact_method import ContactMethod
from patrons.models.look_up import LookUp
from patrons.models.mail_request import MailRequest
from patrons.models.passkey import Passkey
from patrons.models.patron import Patron, TextSize
from patrons.models.reading_log import ReadingLog, SealedRead
from patrons.models.session import LoginSession
from patrons.models.shelf import Mark, Shelf, ShelfEntry
from patrons.models.try_counter import TryCounter
from patrons.models.user import User

__all__ = (
    "AccountPolicy",
    "Challenge",
    "ContactMethod",
    "LoginSession",
    "LookUp",
    "MailRequest",
    "Mark",
    "Passkey",
    "Patron",
    "ReadingLog",
    "SealedRead",
    "Shelf",
    "ShelfEntry",
    "TextSize",
    "TryCounter",
    "User",
)
