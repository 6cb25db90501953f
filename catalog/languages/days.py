"""A day inside a sentence, in the language of the page that says it."""

from datetime import date

from django.utils.formats import date_format

from catalog.languages.table import current


def written(day: date, *, year: bool = True) -> str:
    """Write a day (in Asia/Tokyo): 2026年11月24日（火）, without ``year`` 11月24日（火）.

    Other languages write it their own way, the weekday behind.
    """
    language = current()
    weekday = language.weekdays[day.weekday()] if language.weekdays else date_format(day, "D")
    plain = date_format(day, language.day if year else language.month_day)
    return weekday.join((plain + language.marks[0], language.marks[1]))
