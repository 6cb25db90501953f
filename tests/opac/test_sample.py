"""The facts of the sample library: every row has a source and a reading, and nothing invented passes for real."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "opac" / "sample"
COLUMNS = (
    "key,material_type,title,title_reading,subtitle,volume,volume_order,series,series_reading,creator,"
    "creator_reading,publisher,year,isbn,ndc,language,subjects,call_label,source,sample"
)
SOURCES = {"wakayama", "aozora", "ndl", "madb"}
READING = re.compile(r"[ァ-ヴー0-9A-Za-z&%+.,; ]+")
KATAKANA = re.compile(r"[ァ-ヴー]+( [ァ-ヴー]+)+")
CODES = ["chuo", "saiwaicho", "urayasu", "ashimori", "ijima", "takebe", "mitsu", "setocho", "nadasaki", "midori"]
MARK = "〔見本〕"
GOLDEN_WEEK_HOLIDAYS = {"2025-04-29", "2025-05-03", "2025-05-04", "2025-05-05", "2025-05-06"}
MINIMUM = {"all": 700, "real": 600, "whole_series": 15}
MINIMUM_OF_KIND = {"book": 550, "magazine": 36, "spoken_cd": 12, "cd": 25, "dvd": 20, "video": 15}
PARTS = {"上": 1, "上巻": 1, "前編": 1, "下巻": 2, "後編": 2, "中": 2}


def _rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(name: str) -> dict:
    return json.loads((SAMPLE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def titles() -> list[dict[str, str]]:
    """Return the rows of titles.csv."""
    return _rows("titles.csv")


def _failing(titles: list[dict[str, str]], wrong) -> list[str]:
    return [row["key"] for row in titles if wrong(row)]


def _isbn_is_good(isbn: str) -> bool:
    if not re.fullmatch(r"97[89]\d{10}", isbn):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(isbn)) % 10 == 0


def test_columns_and_keys(titles):
    assert ",".join(titles[0]) == COLUMNS
    assert [key for key, times in Counter(row["key"] for row in titles).items() if times > 1] == []
    assert _failing(titles, lambda row: not re.fullmatch(r"[a-z]+\d{3}", row["key"])) == []
    assert _failing(titles, lambda row: None in row or None in row.values()) == []


def test_there_is_enough_of_everything(titles):
    kinds = Counter(row["material_type"] for row in titles)
    assert len(titles) >= MINIMUM["all"]
    assert sum(row["sample"] == "0" for row in titles) >= MINIMUM["real"]
    assert {kind: number for kind, number in MINIMUM_OF_KIND.items() if kinds[kind] < number} == {}
    assert set(kinds) <= {"book", "magazine", "spoken_cd", "cd", "dvd", "video"}


def test_real_rows_name_their_source_and_invented_rows_say_so(titles):
    assert _failing(titles, lambda row: row["sample"] not in ("0", "1")) == []
    assert _failing(titles, lambda row: row["sample"] == "0" and row["source"] not in SOURCES) == []
    assert _failing(titles, lambda row: row["sample"] == "1" and row["source"] != "invented") == []
    assert _failing(titles, lambda row: row["title"].startswith(MARK) != (row["sample"] == "1")) == []
    assert _failing(titles, lambda row: row["sample"] == "1" and row["isbn"]) == []


def test_isbns_are_good_and_not_repeated(titles):
    isbns = [row["isbn"] for row in titles if row["isbn"]]
    assert [isbn for isbn in isbns if not _isbn_is_good(isbn)] == []
    assert len(isbns) == len(set(isbns)) > 200


def test_readings_are_katakana_with_spaces(titles):
    def wrong(row: dict[str, str]) -> bool:
        pairs = [("title", "title_reading"), ("series", "series_reading"), ("creator", "creator_reading")]
        return any(
            bool(row[written]) != bool(row[reading]) or (row[reading] and not READING.fullmatch(row[reading]))
            for written, reading in pairs
        ) or any(text != text.strip() or "  " in text for text in row.values())

    assert _failing(titles, wrong) == []


def test_readings_write_particles_as_they_are_spoken(titles):
    readings = ("title_reading", "series_reading")
    assert _failing(titles, lambda row: any({"ハ", "ヘ", "ヲ"} & set(row[name].split()) for name in readings)) == []
    assert _failing(titles, lambda row: any("ヲ" in row[name] for name in readings)) == []


def test_every_creator_has_a_reading(titles):
    assert _failing(titles, lambda row: row["creator"].count("; ") != row["creator_reading"].count("; ")) == []
    assert _failing(titles, lambda row: re.search(r"[／/、\[\]]", row["creator"])) == []


def test_only_spoken_cds_have_the_labels_700_to_799(titles):
    def number(row: dict[str, str]) -> int:
        found = re.search(r"(?:^|[^\d])(\d{3})", row["call_label"])
        return int(found[1]) if found else 0

    def wrong(row: dict[str, str]) -> bool:
        spoken = row["material_type"] == "spoken_cd"
        starts = row["call_label"].startswith("朗読CD ")
        if not spoken and row["material_type"] != "cd":
            return starts
        return spoken != starts or spoken != (700 <= number(row) <= 799)

    assert _failing(titles, wrong) == []
    assert _failing(titles, lambda row: not row["call_label"]) == []


def test_volumes_of_a_series_stand_in_one_order(titles):
    series = defaultdict(list)
    for row in titles:
        if row["volume_order"]:
            series[row["series"]].append(int(row["volume_order"]))
    assert "" not in series
    assert [name for name, orders in series.items() if len(orders) != len(set(orders))] == []
    whole = [name for name, orders in series.items() if sorted(orders) == list(range(1, len(orders) + 1))]
    assert len([name for name in whole if len(series[name]) > 1]) >= MINIMUM["whole_series"]
    assert _failing(titles, lambda row: int(row["volume_order"] or 1) < 1) == []


def test_volumes_are_named_only_where_the_title_is_that_of_the_whole(titles):
    parts = ("前編", "後編")
    assert (
        _failing(
            titles,
            lambda row: row["volume"] and row["series"] not in ("", row["title"]) and row["volume"] not in parts,
        )
        == []
    )


def test_parts_called_upper_or_lower_are_in_that_order(titles):
    def wrong(row: dict[str, str]) -> bool:
        told = PARTS.get(row["volume"])
        return told is not None and row["series"] != "かいけつゾロリシリーズ" and int(row["volume_order"]) != told

    assert _failing(titles, wrong) == []


def test_years_and_languages_are_plausible(titles):
    assert _failing(titles, lambda row: row["year"] and not 1900 <= int(row["year"]) <= 2026) == []
    assert _failing(titles, lambda row: not re.fullmatch(r"[a-z]{3}", row["language"])) == []


def test_names_are_pairs_with_katakana_and_none_twice():
    names = _rows("names.csv")
    assert len({row["name"] for row in names}) == len(names) >= 80
    assert [row["name"] for row in names if len(row["name"].split(" ")) != 2] == []
    assert [row["name"] for row in names if not KATAKANA.fullmatch(row["reading"])] == []


def test_ten_libraries_with_hours_on_the_days_they_open():
    libraries = _json("libraries.json")["libraries"]
    assert [one["code"] for one in libraries] == CODES
    for one in libraries:
        days = {int(day) for day in one["hours"]}
        assert days == set(range(7)) - set(one["weekly_closed"]), one["code"]
        assert all(opens < closes for opens, closes in one["hours"].values()), one["code"]
    assert [one["code"] for one in libraries if not one["hands_out_av"]] == ["ijima"]


def test_invented_telephone_numbers_cannot_reach_anyone():
    facts = _json("libraries.json")
    for one in facts["libraries"]:
        assert one["telephone_is_sample"] == one["telephone"].startswith("086-000-"), one["code"]
        assert set(one["source"]) <= set(facts["sources"]), one["code"]
    numbers = [one["telephone"] for one in facts["libraries"]]
    assert len(set(numbers)) == len(CODES)
    assert [one["code"] for one in facts["libraries"] if not one["telephone_is_sample"]] == ["chuo", "saiwaicho"]


def test_golden_week_closures_lie_in_the_period_and_name_every_library():
    facts = _json("closures_2025_golden_week.json")
    first, last = map(date.fromisoformat, facts["period"])
    assert list(facts["libraries"]) == CODES
    for code, days in facts["libraries"].items():
        told = [date.fromisoformat(day) for day in days["closed"] + days["special_open"]]
        assert len(told) == len(set(told)), code
        assert all(first <= day <= last for day in told), code
    assert facts["libraries"]["chuo"]["closed"] == ["2025-04-28"]


def test_weekly_rules_explain_the_notice_but_for_three_days():
    closures = _json("closures_2025_golden_week.json")
    first, last = map(date.fromisoformat, closures["period"])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    odd = {}
    for one in _json("libraries.json")["libraries"]:
        told = closures["libraries"][one["code"]]
        ruled = {
            day.isoformat()
            for day in days
            if day.weekday() in one["weekly_closed"]
            or (one["closed_on_holidays"] and day.isoformat() in GOLDEN_WEEK_HOLIDAYS)
        }
        odd[one["code"]] = (ruled - set(told["special_open"])) ^ set(told["closed"])
    assert {code: days for code, days in odd.items() if days} == {
        "chuo": {"2025-05-05"},
        "ashimori": {"2025-05-06"},
        "midori": {"2025-05-07"},
    }


def test_the_readme_names_every_source():
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert [
        word
        for word in ("和歌山県", "CC BY 4.0", "青空文庫", "国立国会図書館", "メディア芸術データベース", "MIT")
        if word not in text
    ] == []
