"""What of a record tells the kind of material, for the library's rules (``MaterialRule``) to read."""

from dataclasses import dataclass

from pymarc import Record

from catalog.marc.meaning.script import raw


@dataclass(frozen=True)
class Signs:
    """What tells the kind of material: leader/06, leader/07, every 007, and the words of 245 $h and 300."""

    record_type: str = ""
    level: str = ""
    physical: tuple[str, ...] = ()
    words: str = ""

    @classmethod
    def of(cls, record: Record) -> "Signs":
        leader = str(record.leader)
        physical = tuple((field.data or "") for field in record.get_fields("007"))
        said = [(field, codes) for tag, codes in (("245", "h"), ("300", "ae")) for field in record.get_fields(tag)]
        words = " ".join(filter(None, (raw(field, codes) for field, codes in said)))
        return cls(leader[6:7], leader[7:8], physical, words)
