"""The whole catalogue in two files that anybody may take: JSON Lines and MARCXML, gzip-compressed.

A file is written beside its old version and takes its place when it is whole. Copies are counted per library; nothing
of patrons is in a dump. An import into the same catalogue knows its titles again by 001 and 003.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import tostring

from django.conf import settings
from pymarc import Field, Indicators, Record, Subfield, record_to_xml_node

from catalog.machines.xml_documents import for_xml
from catalog.marc.loading.identity import our_agency, unnumbered
from catalog.models import Item, Title

CHUNK = 1000
JSON_LINES, MARC_XML = "catalogue.jsonl.gz", "catalogue.marcxml.gz"
COLUMNS = ("title", "title_reading", "subtitle", "volume", "creator", "creator_reading", "publisher", "year", "isbn",
           "other_isbns", "ndc", "language", "subjects", "other_titles", "volume_order",
           "series_volume", "control_number")  # fmt: skip
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
XML_FOOT = b"</collection>\n"


def dump(folder: Path, progress: Callable[[int], None] = lambda done: None) -> int:
    """Write both files into a folder; return the number of titles."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [folder / f"{name}.part" for name in (JSON_LINES, MARC_XML)]
    done = 0
    with gzip.open(parts[0], "wb") as lines, gzip.open(parts[1], "wb") as xml:
        xml.write(XML_HEAD)
        for titles in _chunks():
            for title, held in titles:
                lines.write(json.dumps(as_json(title, held), ensure_ascii=False).encode() + b"\n")
                xml.write(as_xml(title))
            done += len(titles)
            progress(done)
        xml.write(XML_FOOT)
    for part in parts:
        os.replace(part, part.with_suffix(""))
    return done


def _chunks() -> Iterator[list[tuple[Title, dict[str, int]]]]:
    """Yield titles in the order of their ids, each with its number of copies per library (by code)."""
    last = 0
    titles = Title.objects.select_related("material_type", "series").order_by("pk")
    while chunk := list(titles.filter(pk__gt=last)[:CHUNK]):
        held: dict[int, dict[str, int]] = {title.pk: {} for title in chunk}
        copies = Item.objects.not_withdrawn().filter(title__in=chunk).values_list("title", "home_library__code")
        for pk, code in copies:
            held[pk][code] = held[pk].get(code, 0) + 1
        yield [(title, held[title.pk]) for title in chunk]
        last = chunk[-1].pk


def as_json(title: Title, held: dict[str, int]) -> dict:
    """Return a title as one JSON line says it; what is empty is left out."""
    said = {name: getattr(title, name) for name in COLUMNS}
    if title.series:
        said |= {"series": title.series.name, "series_reading": title.series.reading}
    said |= {"type": title.material_type.code, "copies": held}
    said |= {"id": title.pk, "url": settings.SITE_URL + title.get_absolute_url(), "added_on": str(title.added_on)}
    return {name: value for name, value in said.items() if value}


def as_xml(title: Title) -> bytes:
    """Return a title as a line of MARCXML."""
    return for_xml(tostring(record_to_xml_node(as_marc(title)), encoding="unicode")).encode() + b"\n"


def as_marc(title: Title) -> Record:
    """Return a title as a MARC 21 record with its readings in 880, as JAPAN/MARC writes them."""
    kind = title.material_type
    record = Record(force_utf8=True, leader=f"00000n{kind.marc_leader} a2200000 i 4500")
    record.add_field(Field(tag="001", data=title.control_number or unnumbered(title)))
    record.add_field(Field(tag="003", data=our_agency()))
    if kind.marc_physical:
        record.add_field(Field(tag="007", data=kind.marc_physical))
    for number in title.isbns:
        _add(record, "020", "  ", a=number)
    _add(record, "041", "0 ", a=title.language)
    _add(record, "084", "  ", a=title.ndc, **({"2": "njb/09"} if title.ndc else {}))
    _add(record, "245", "00", title.title_reading, a=title.title, b=title.subtitle, n=title.volume)
    for name in title.other_title_list:
        _add(record, "246", "3 ", a=name)
    _add(record, "260", "  ", b=title.publisher, c=str(title.year or ""))
    if title.series and not (title.volume and title.series.name == title.title):
        order = "" if title.volume or title.volume_order is None else str(title.volume_order)
        _add(record, "490", "0 ", title.series.reading, a=title.series.name, v=title.series_volume or order)
    for subject in title.subject_list:
        _add(record, "650", " 4", a=subject)
    for name, reading in title.creators_with_readings:
        _add(record, "700", "1 ", reading, a=name)
    return record


def _add(record: Record, tag: str, indicators: str, reading: str = "", **subfields: str) -> None:
    """Add a field with what is given, and its reading as a field 880 that names it."""
    given = [Subfield(code, text) for code, text in subfields.items() if text]
    if not given:
        return
    if reading:
        number = f"{len(record.get_fields('880')) + 1:02}"
        given.insert(0, Subfield("6", f"880-{number}"))
        parallel = [Subfield("6", f"{tag}-{number}/$1"), Subfield("a", reading)]
        record.add_field(Field("880", Indicators(*indicators), parallel))
    record.add_field(Field(tag, Indicators(*indicators), given))
