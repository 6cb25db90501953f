"""Forms of the account; every message says what to type instead."""

from patrons.forms.login import LoginForm
from patrons.forms.password import ChangePasswordForm, OwnPasswordForm
from patrons.forms.settings import SettingsForm

__all__ = ("ChangePasswordForm", "LoginForm", "OwnPasswordForm", "SettingsForm")
