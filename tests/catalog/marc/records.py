"""MARC records for tests, written by pymarc, and the ways in which files break them."""

from pathlib import Path
from xml.etree.ElementTree import tostring

from pymarc import Field, Indicators, Leader, Record, Subfield
from pymarc.marcxml import record_to_xml_node

from catalog.marc.files.parsed import ParsedRecord, RawRecord, read
from tests.sure import sure

LEADER = "00000nam a2200000   4500"
CODED = "190212s2019    ja ||||g |||| ||||||jpn  "


def record(number: str = "0001", *fields: Field, leader: str = LEADER, coded: str = CODED) -> Record:
    """Make a record with 001 and 008; without a field 245 it is called 吾輩は猫である."""
    made = Record(force_utf8=leader[9] == "a")
    made.leader = Leader(leader)
    if number:
        made.add_field(Field("001", data=number))
    made.add_field(Field("008", data=coded))
    if not any(field.tag == "245" for field in fields):
        made.add_field(field("245", a="吾輩は猫である"))
    made.add_field(*fields)
    return made


def field(tag: str, *pairs: tuple[str, str], indicators: str = "  ", **values: str) -> Field:
    """Make a field from (code, value) pairs, then from keywords; a keyword's leading underscore is dropped."""
    named = [(code.lstrip("_"), value) for code, value in values.items()]
    return Field(tag, Indicators(*indicators), [Subfield(code, value) for code, value in [*pairs, *named]])


def raw(made: Record | bytes, number: int = 1) -> RawRecord:
    data = made if isinstance(made, bytes) else made.as_marc()
    return RawRecord(number, 0, data, RawRecord.ISO2709)


def reread(made: Record) -> Record:
    """Return the record as it is read from its own bytes, where nothing may be wrong with it."""
    found: ParsedRecord = read(raw(made))
    assert found.problems == []
    return sure(found.record)


def file(folder: Path, *made: Record | bytes, name: str = "records.mrc") -> Path:
    path = folder / name
    path.write_bytes(b"".join(one if isinstance(one, bytes) else one.as_marc() for one in made))
    return path


def xml(*made: Record) -> str:
    """Return a MARCXML collection."""
    records = "".join(tostring(record_to_xml_node(one), encoding="unicode") for one in made)
    return f'<collection xmlns="http://www.loc.gov/MARC21/slim">{records}</collection>'
