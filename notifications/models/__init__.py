"""What is to be told (Notice), the mail that tells it (Mail), and what patrons and the library chose about mail."""

from notifications.models.alert import Alert, Announced, AnnouncementDay
from notifications.models.mail import Kind, Mail, Notice
from notifications.models.mail_policy import MailPolicy
from notifications.models.reminders import Reminders

__all__ = ("Alert", "Announced", "AnnouncementDay", "Kind", "Mail", "MailPolicy", "Notice", "Reminders")
