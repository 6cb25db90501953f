"""The kinds of notice, each a module that says what is due, whether it still is, and how it is told."""

from notifications.kinds import arrivals, cancelled, last_day, loans, ready
from notifications.models import Kind

KINDS = {
    Kind.READY: ready,
    Kind.CANCELLED: cancelled,
    Kind.LAST_DAY: last_day,
    Kind.DUE_SOON: loans.DUE_SOON,
    Kind.OVERDUE: loans.OVERDUE,
    Kind.ARRIVALS: arrivals,
}
