"""What a work is called: title, subtitle, volume, series, and its other titles."""

from typing import Any

from pymarc import Field

from catalog.japanese.volumes import volume_number
from catalog.marc.meaning import wording
from catalog.marc.meaning.script import Scripts, raw, text

OTHER_TITLES = ("130", "240", "242", "246", "740")
NO_TITLE = "［書名なし］"


def titles_of(scripts: Scripts) -> dict[str, Any]:
    """Return title, subtitle, volume, series and what else the work is called."""
    pairs = scripts.fields("245")
    main = pairs[0] if pairs else None
    others = [_first(pair.written, "at") for pair in scripts.fields(*OTHER_TITLES)]
    if main is None:
        name = next(filter(None, others), NO_TITLE)
        return {"title": name, **_series(scripts, "", "", None), "other_titles": _joined(others, name)}
    own = _first(main.written, "a") or wording.mark(raw(main.written, "a"))
    title = (
        own or _first(main.written, "bpk") or wording.bare(text(main.written)) or next(filter(None, others), NO_TITLE)
    )
    subtitle, parallel = _rest(main.written)
    volume, part = wording.split_volume(" ".join(main.written.get_subfields("n")))
    said = [subtitle, *map(wording.name_of_work, main.written.get_subfields("p")), part]
    parts = [words for words in said if words != title]
    spoken = wording.split_volume(" ".join(main.yomi.get_subfields("n")))[0] if main.yomi else ""
    order = volume_number(volume, spoken)
    yomi = wording.yomi(_first(main.yomi, "a")) if main.yomi else ""
    if main.romaji and main.written.tag == "880":
        others.insert(0, _first(main.romaji, "a"))
    series = _series(scripts, title if volume and own else "", yomi if volume and own else "", order)
    statements = [_first(pair.written, "a") for pair in scripts.fields("490", "440", "830")]
    return {
        "title": title,
        "title_reading": yomi,
        "subtitle": " : ".join(filter(None, parts)),
        "volume": volume,
        **series,
        "other_titles": _joined([*others, parallel, *(s for s in statements if s != series["series"])], title),
    }


def _rest(field: Field) -> tuple[str, str]:
    """Return (subtitle, parallel title) from $b, where ``=`` in front of it means that it begins with the latter."""
    rest = wording.bare(" : ".join(map(wording.bare, field.get_subfields("b"))))
    if not raw(field, "a").rstrip().endswith("="):
        return rest, ""
    parallel, _, subtitle = rest.partition(" : ")
    return subtitle, parallel


def _series(scripts: Scripts, work: str, work_yomi: str, order: int | None) -> dict[str, Any]:
    """Return the series: the work itself where the record is a volume of it, else the first series statement."""
    if work:
        return {"series": work, "series_reading": work_yomi, "volume_order": order}
    for pair in scripts.fields("490", "440", "830"):
        if name := wording.bare(_first(pair.written, "a").partition(" / ")[0]):
            yomi = wording.yomi(_first(pair.yomi, "a")) if pair.yomi else ""
            number = wording.bare(" ".join(pair.written.get_subfields("v")))
            said = {"series_volume": number, "volume_order": volume_number(number)}
            return {"series": name, "series_reading": yomi, **said}
    return {"series": "", "series_reading": "", "volume_order": order}


def _first(field: Field, codes: str) -> str:
    return next(
        (plain for code, value in field.subfields if code in codes and (plain := wording.name_of_work(value))), ""
    )


def _joined(names: list[str], title: str) -> str:
    return "; ".join(name for name in dict.fromkeys(names) if name and name != title)
