"""Records longer than the format can say: whole, in the order of the directory, or refused as a whole."""

from io import BytesIO

import pytest

from catalog.marc.files import iso2709
from tests.catalog.marc.records import record

WIDE, WRAPPED, ZEROS = "wide", "wrapped", "zeros"


def long_record(way: str, *, backwards: bool = False, length: int = 3_400) -> bytes:
    """Write a record of some 200,000 bytes, its numbers as one of the ways of writers have them."""
    notes = [("505", f"  \x1fa{at:03}" + "x" * (length + at)) for at in range(60)]
    fields = [
        ("001", "OV"),
        ("245", "10\x1fa分厚い目録 /\x1fc見本"),
        *notes,
        ("700", "1 \x1fa見本, 末子"),
        ("852", "  \x1fp99"),
    ]
    directory, data, entries = b"", b"", []
    for tag, text in fields:
        value = text.encode() + b"\x1e"
        size, start = len(value), len(data)
        if way == WRAPPED:
            size, start = size % 10_000, start % 100_000
        elif way == ZEROS:
            size, start = 0, 0
        entries.append(tag.encode() + b"%04d%05d" % (size, start))
        data += value
    directory = b"".join(reversed(entries) if backwards else entries) + b"\x1e"
    total = 24 + len(directory) + len(data) + 1
    said = {WIDE: b"%05d" % total, WRAPPED: b"%05d" % (total % 100_000), ZEROS: b"00000"}[way]
    return said + b"nam a2200000   4500" + directory + data + b"\x1d"


@pytest.mark.parametrize("way", [WIDE, WRAPPED, ZEROS])
@pytest.mark.parametrize("length", [3_400, 12_000])
def test_its_fields_are_read_whole_and_the_record_behind_comes_in(way, length):
    behind = record("BEHIND").as_marc()
    first, second = (data for _, data in iso2709.records(BytesIO(long_record(way, length=length) + behind)))
    found = iso2709.fields(first)
    assert found.problems == [iso2709.BY_SEPARATORS]
    assert [tag for tag, _ in found.fields] == ["001", "245", *["505"] * 60, "700", "852"]
    assert all(text.startswith(f"  \x1fa{at:03}x".encode()) for at, (_, text) in enumerate(found.fields[2:62]))
    assert (found.fields[-2][1].decode(), found.fields[-1][1]) == ("1 \x1fa見本, 末子", b"  \x1fp99")
    assert second == behind


def test_wrapped_starts_in_another_order_are_told_apart_or_refused():
    found = iso2709.fields(long_record(WRAPPED, backwards=True))
    assert found.fields[0] == ("852", b"  \x1fp99")
    assert found.fields[-1] == ("001", b"OV")
    twice = long_record(WRAPPED, backwards=True).replace(b"852000700", b"852000800", 1)
    refused = iso2709.fields(twice)
    assert (refused.fields, refused.problems) in [([], [iso2709.NOT_PARTED]), (found.fields, [iso2709.BY_SEPARATORS])]
