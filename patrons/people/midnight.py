"""The first moment of a row's day, as the database computes it."""

from django.conf import settings
from django.db.models import DateTimeField, F, Func, Value


class Midnight(Func):
    """The midnight in Asia/Tokyo that a column's moment comes after; Django's TruncDay loses the zone in an update."""

    function = "date_trunc"

    def __init__(self, column: str) -> None:
        zone = Value(settings.TIME_ZONE)
        super().__init__(Value("day"), F(column), zone, output_field=DateTimeField())
