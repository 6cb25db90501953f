"""A day inside a sentence, in the language of the page that says it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

WEEKDAYS = "月火水木金土日"
# Django's own format begins with a capital letter, which is wrong within a sentence, and numbers the weekdays.
VIETNAMESE = r"\n\g\à\y j \t\h\á\n\g n \n\ă\m Y"


def written(day: date) -> str:
    """Write a day (in Asia/Tokyo): 2026年11月24日（火）; other languages write it their own way, the weekday behind."""
    if get_language() == "vi":
        return f"{date_format(day, VIETNAMESE)} ({gettext(WEEKDAYS[day.weekday()] + '曜')})"
    if not (get_language() or "ja").startswith("ja"):
        return f"{date_format(day)} ({date_format(day, 'D')})"
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
