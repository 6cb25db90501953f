"""「わたしのデータ」: everything the portal holds about the patron, until when, all of it to take away (SPEC M11)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override
from django.views.decorators.http import require_safe

from catalog.languages.words import gap
from catalog.spreadsheets.rows import csv_file
from opac import privacy_rooms
from opac.privacy_rooms import Rows
from opac.templatetags.portal import ja_date, ja_time
from patrons.account.access import PatronRequest, patron_required

SHOWN = 20  # rows of a section on the page; the files have all
COLUMNS = (gettext_lazy("区分"), gettext_lazy("番号"), gettext_lazy("項目"), gettext_lazy("値"))
FILES_IN = "ja"  # one language for the files, whatever the page's: programs find the same keys in all of them


@dataclass(frozen=True)
class HeldSection:
    """What is held of one kind: ``kept`` says until when."""

    name: str
    kept: str
    held: Rows

    @property
    def count(self) -> int:
        return len(self.held)

    @cached_property
    def rows(self) -> list[list[tuple[str, str]]]:
        """Return what the page shows: of each row the terms and words."""
        return [[(term, words_of(value)) for term, value in row.items()] for row in self.held[:SHOWN]]

    @property
    def more(self) -> int:
        """Return how many rows the page leaves out."""
        return max(0, self.count - SHOWN)


@require_safe
@patron_required
def show(request: PatronRequest) -> HttpResponse:
    """Show everything on one page, each kind with the time when it is deleted."""
    kept = privacy_rooms.kept()
    sections = [HeldSection(name, kept[name], rows) for name, rows in privacy_rooms.held_about(request.patron).items()]
    return render(request, "opac/my_data.html", {"sections": sections})


def words_of(value: object) -> str:
    """Write a value for people, "" for what is not there."""
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if isinstance(value, datetime):
        return f"{ja_date(value)}{gap()}{ja_time(value)}"
    if isinstance(value, date):
        return ja_date(value)
    if isinstance(value, list):
        return gettext("、").join(" ".join(words_of(part) for part in one.values()) for one in value)
    return "" if value is None else str(value)


@require_safe
@patron_required
@override(FILES_IN)
def as_json(request: PatronRequest) -> HttpResponse:
    """Give everything as JSON, times as ISO 8601."""
    told: dict[str, object] = {gettext("作成"): timezone.localtime().isoformat(timespec="seconds")}
    told |= privacy_rooms.held_about(request.patron)
    text = json.dumps(told, ensure_ascii=False, indent=2, default=_iso)
    return _file(text.encode(), "application/json", "json")


@require_safe
@patron_required
@override(FILES_IN)
def as_csv(request: PatronRequest) -> HttpResponse:
    """Give everything as CSV for spreadsheets: one line a value, with its kind and the number of its row."""
    lines = [
        (name, number, term, value)
        for name, rows in privacy_rooms.held_about(request.patron).items()
        for number, row in enumerate(rows, 1)
        for term, value in flat(row)
    ]
    return _file(csv_file(map(str, COLUMNS), lines), "text/csv; charset=utf-8", "csv")


def flat(row: dict[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of a row as text under its name; a list's parts are numbered."""
    for term, value in row.items():
        if isinstance(value, list):
            for number, part in enumerate(value, 1):
                yield from flat(part, f"{before}{term} {number} ")
        else:
            yield before + term, "" if value is None else str(_iso(value))


def _iso(value: object) -> object:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    """Return a download whose name says the day and not whose it is."""
    name = f"mydata-{timezone.localdate():%Y%m%d}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
