"""The languages of the pages: what differs between them stands in one row each.

Adding a language: a row here, its catalogue in ``locale/``, its letters where it has its own. Settings read
``LANGUAGES``; nothing else knows a language by name.
"""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Language:
    """One language of the pages.

    ``code`` is what addresses and Django call it, ``name`` what it calls itself, ``tag`` what browsers and screen
    readers know it by. ``day`` is Django's date format, ``month_day`` that without the year, ``weekdays`` (Monday
    first) those within a sentence where Django's own do not fit, ``marks`` the brackets around one. ``spaced``
    languages put a blank between two sentences and a comma between two words. ``halves`` writes a time as 午前10時.
    ``furigana`` shows readings over every title. ``letters`` is the code of the language in which its readers get
    their mail.
    """

    code: str
    name: str
    tag: str
    day: str = "DATE_FORMAT"
    month_day: str = "MONTH_DAY_FORMAT"
    weekdays: tuple[str, ...] = ()
    marks: tuple[str, str] = (" (", ")")
    spaced: bool = True
    halves: bool = False
    furigana: bool = False
    letters: str = "ja"


LANGUAGES = (
    Language("ja", "日本語", "ja", marks=("（", "）"), spaced=False, halves=True),
    Language("ja-easy", "やさしい日本語", "ja", marks=("（", "）"), spaced=False, halves=True, furigana=True),
    Language("en", "English", "en", letters="en"),
    Language("zh-hans", "简体中文", "zh-Hans", spaced=False),
    Language("ko", "한국어", "ko"),
    # Django's own Vietnamese day begins with a capital letter, wrong within a sentence, and numbers the weekdays.
    Language(
        "vi",
        "Tiếng Việt",
        "vi",
        day=r"\n\g\à\y j \t\h\á\n\g n \n\ă\m Y",
        month_day=r"\n\g\à\y j \t\h\á\n\g n",
        weekdays=("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
    ),
)
BY_CODE = {language.code: language for language in LANGUAGES}
JAPANESE = LANGUAGES[0]


def current() -> Language:
    """Return the language of the page that is being written; Japanese outside of one."""
    return BY_CODE.get(get_language() or "", JAPANESE)
