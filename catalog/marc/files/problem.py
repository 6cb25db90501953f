"""What is wrong with a record, in words for the cataloguer who reads the report."""

import zipfile
import zlib
from dataclasses import dataclass

# What reading a file raises where the disk fails, or an archive is damaged or breaks off.
BROKEN_OFF = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Problem:
    """One finding; ``fatal`` means that the record cannot be taken."""

    reason: str
    fatal: bool = False


class FileRefused(Exception):
    """A whole file that must not be read on: an XML bomb, an archive that unpacks without end."""
