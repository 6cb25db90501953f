"""Forms of the account; every message says what to type instead."""

from patrons.forms.challenges import ChallengeForm
from patrons.forms.login import ForgottenForm, LoginForm
from patrons.forms.passkeys import NameForm, NewPasskeyForm
from patrons.forms.password import ChangePasswordForm, OwnPasswordForm
from patrons.forms.settings import SettingsForm
from patrons.forms.shelves import AdditionForm, ShelfForm, ShelvedForm, WrittenForm
from patrons.forms.typography import TypographyForm

__all__ = (
    "AdditionForm",
    "ChallengeForm",
    "ChangePasswordForm",
    "ForgottenForm",
    "LoginForm",
    "NameForm",
    "NewPasskeyForm",
    "OwnPasswordForm",
    "SettingsForm",
    "ShelfForm",
    "ShelvedForm",
    "TypographyForm",
    "WrittenForm",
)
