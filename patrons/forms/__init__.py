"""Forms of the account; every message says what to type instead."""

from patrons.forms.login import ForgottenForm, LoginForm
from patrons.forms.password import ChangePasswordForm, OwnPasswordForm
from patrons.forms.settings import SettingsForm

__all__ = ("ChangePasswordForm", "ForgottenForm", "LoginForm", "OwnPasswordForm", "SettingsForm")
