"""Forms of the account; every message says what to type instead."""

from patrons.forms.login import ForgottenForm, LoginForm
from patrons.forms.passkeys import NameForm, NewPasskeyForm
from patrons.forms.password import ChangePasswordForm, OwnPasswordForm
from patrons.forms.reading import ReadingForm
from patrons.forms.settings import SettingsForm

__all__ = (
    "ChangePasswordForm",
    "ForgottenForm",
    "LoginForm",
    "NameForm",
    "NewPasskeyForm",
    "OwnPasswordForm",
    "ReadingForm",
    "SettingsForm",
)
