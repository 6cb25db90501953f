"""The ten libraries, the titles and about a thousand copies of them."""

import json
from datetime import date, timedelta
from random import Random

from catalog.models import Item, Library, MaterialType, OpeningHours, Series, Title
from opac.sample import FOLDER, rows

BARCODE_BASE = 110_000_000
# Columns of titles.csv that a title has as they are.
AS_WRITTEN = ("title", "title_reading", "subtitle", "volume", "creator", "creator_reading", "publisher", "isbn", "ndc")
LOCATIONS = {
    "book": "一般開架",
    "magazine": "雑誌架",
    "cd": "AVコーナー",
    "spoken_cd": "AVコーナー",
    "dvd": "AVコーナー",
    "video": "AVコーナー",
}
ASIDE = 6 * [Item.Status.IN_PROCESSING] + 6 * [Item.Status.MISSING] + 6 * [Item.Status.WITHDRAWN]


def libraries() -> list[Library]:
    """Write the libraries with their weekly hours, in the order of the facts."""
    facts = json.loads((FOLDER / "libraries.json").read_text(encoding="utf-8"))
    written = []
    for position, fact in enumerate(facts["libraries"]):
        library = Library.objects.create(
            code=fact["code"],
            name=fact["name"],
            short_name=fact["short"],
            telephone=fact["telephone"],
            telephone_is_sample=fact["telephone_is_sample"],
            fax=fact.get("fax") or "",
            postal_code=fact.get("postal") or "",
            address=fact.get("address") or "",
            hands_out_av=fact["hands_out_av"],
            closed_on_holidays=fact["closed_on_holidays"],
            closed_second_sunday=fact["second_sunday_closed"],
            position=position,
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(library=library, weekday=int(weekday), opens=opens, closes=closes)
            for weekday, (opens, closes) in fact["hours"].items()
        )
        written.append(library)
    return written


def titles(today: date, dice: Random) -> list[Title]:
    """Write the titles of ``titles.csv``, the newest ones received in these weeks."""
    kinds = {kind.code: kind for kind in MaterialType.objects.all()}
    series: dict[str, Series] = {}
    made = []
    for row in rows("titles.csv"):
        kind = kinds[row["material_type"]]
        if row["series"] and row["series"] not in series:
            series[row["series"]] = Series.objects.create(name=row["series"], reading=row["series_reading"])
        fresh = kind.code == "magazine" or dice.random() < 0.08
        title = Title(
            material_type=kind,
            control_number=f"sample-{row['key']}",
            volume_order=int(row["volume_order"]) if row["volume_order"] else None,
            series=series.get(row["series"]),
            year=int(row["year"]) if row["year"] else None,
            language=row["language"] or "jpn",
            subjects=row["subjects"],
            added_on=today - timedelta(days=dice.randrange(1, 28) if fresh else dice.randrange(60, 4000)),
            **{name: row[name] for name in AS_WRITTEN},
        )
        made.append(title)
    return Title.objects.bulk_create(made)


def items(titles: list[Title], libraries: list[Library], today: date, dice: Random) -> list[Item]:
    """Write the copies: one of most titles, up to six of what many want, the first library holding most.

    A few stand outside the shelves: in processing, missing, withdrawn, for use in the library only.
    """
    labels: dict[str | None, str] = {f"sample-{row['key']}": row["call_label"] for row in rows("titles.csv")}
    weights = [6, 4, 2] + [1] * (len(libraries) - 3)
    places: list[tuple[Title, Library]] = []
    for title in titles:
        copies = dice.choices((1, 2, 3, 6), weights=(45, 35, 15, 5))[0]
        homes = {library.pk: library for library in dice.choices(libraries, weights, k=copies)}
        places += [(title, home) for home in homes.values()]
    numbers = range(len(places))
    aside = dict(zip(dice.sample(numbers, len(ASIDE)), ASIDE, strict=True))
    reference = set(dice.sample(numbers, 12))
    return Item.objects.bulk_create(
        Item(
            title=title,
            barcode=f"{BARCODE_BASE + number * 7}",
            home_library=home,
            library=home,
            location=LOCATIONS[title.material_type.code],
            call_number=labels[title.control_number],
            acquired_on=min(title.added_on, today),
            status=aside.get(number, Item.Status.AVAILABLE),
            lendable=number not in reference,
        )
        for number, (title, home) in enumerate(places)
    )
