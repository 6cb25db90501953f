"""Whatever is done to a record's bytes, its neighbours come through and nothing is raised (promise 14)."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from catalog.marc.files import source
from catalog.marc.files.parsed import read
from catalog.marc.files.problem import FileRefused
from catalog.marc.meaning.facts import facts_of
from catalog.marc.meaning.holdings import CopyRule, copies_of
from tests.catalog.marc.records import field, record, xml

FIELDS = (
    field("020", a="978-4-10-133575-9 :"),
    field("245", _6="880-01", a="虚空の冠 :", b="覇者たち.", n="上巻 /", c="楡周平 著."),
    field("260", a="東京 :", b="新潮社,", c="2013.2."),
    field("852", b="chuo", h="913.6", p="110000001"),
    field("880", _6="245-01/$1", a="コクウ ノ カン :", n="1."),
)
FIRST, MIDDLE, LAST = (record(number, *FIELDS) for number in ("first", "middle", "last"))
LENGTH = len(MIDDLE.as_marc())

changes = st.lists(
    st.tuples(st.integers(0, LENGTH - 1), st.integers(0, 2), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8
)


def damaged(data: bytes, what: list[tuple[int, int, bytes]]) -> bytes:
    """Write over, insert or cut out at these places."""
    for at, how, new in what:
        cut = len(new) if how != 1 else 0
        data = data[:at] + (new if how != 2 else b"") + data[at + cut :]
    return data


def numbers(data: bytes) -> list[str]:
    """Take a file as an import does and return the control numbers that came in."""
    found = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records"
        path.write_bytes(data)
        try:
            for raw in source.records(path):
                record = read(raw).record
                facts = facts_of(record)[0] if record else None
                if record and facts:
                    copies_of(record, [CopyRule()], {"chuo": 1})
                    found.append(facts.control_number)
        except FileRefused:
            found.append("refused")
    return found


@given(changes)
def test_a_damaged_record_costs_no_neighbour(what):
    found = numbers(FIRST.as_marc() + damaged(MIDDLE.as_marc(), what) + LAST.as_marc())
    assert found[0] == "first"
    assert found[-1] == "last"


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 2), st.text(max_size=6)), min_size=1, max_size=8))
def test_a_damaged_element_costs_no_neighbour_or_the_file_is_refused(what):
    whole = xml(FIRST, MIDDLE, LAST)
    start, end = whole.index("<record", whole.index("</record>")), whole.rindex("<record")
    middle = whole[start:end]
    for at, how, new in what:
        middle = middle[:at] + (new if how != 2 else "") + middle[at + (len(new) if how != 1 else 0) :]
    found = numbers((whole[:start] + middle + whole[end:]).encode(errors="surrogatepass"))
    assert found == ["refused"] or (found[0], found[-1]) == ("first", "last")


@given(st.binary(max_size=3_000))
def test_any_bytes_are_survived(data):
    numbers(data)
    numbers(b"<collection>" + data)
    numbers(FIRST.as_marc()[:24] + data)
