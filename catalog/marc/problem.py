"""What is wrong with a record, in words for the cataloguer who reads the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One finding; ``fatal`` means that the record cannot be taken."""

    reason: str
    fatal: bool = False


class Refused(Exception):
    """A whole file that must not be read on: an XML bomb, an archive that unpacks without end."""
