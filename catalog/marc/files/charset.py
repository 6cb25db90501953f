"""Bytes to Unicode: UTF-8, MARC-8 with EACC, JIS escapes, whatever the leader claims.

MARC-8 with accents is never valid UTF-8, since a combining mark (0xE0 to 0xFE) stands before a letter; so bytes that
are valid UTF-8 are UTF-8.
"""

import io
import re
import unicodedata
from collections.abc import Callable
from contextlib import redirect_stderr

from pymarc.marc8 import marc8_to_unicode

from catalog.marc.files.problem import Problem

Decoder = Callable[[bytes], str]

JIS_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
RUN_OF_HIGH_BYTES = re.compile(rb"[\x80-\xff](?=[\x80-\xff])")
HIGH_BYTE = re.compile(rb"[\x80-\xff]")
ACCENTED = re.compile(rb"[\xe0-\xfe][A-Za-z]")  # as MARC-8 writes it; in UTF-8 no letter follows such a byte
REFERENCE = re.compile("&#x([0-9A-Fa-f]{2,6});")
UNREADABLE = "\ufffd"
UNKNOWN = Problem("文字コードが分かりません。文字コードを指定して取り込んでください。", fatal=True)
MARC8_GARBLED = Problem("MARC-8に無い符号があり、その文字は読めませんでした。")
GARBLED = Problem("読めない文字がありました（�と表示します）。")


class Charset:
    """How one record is decoded, and what was found wrong while doing so."""

    def __init__(self, record: bytes, *, named: str = "") -> None:
        """Choose by the bytes, then the leader; ``named`` (a Python codec) overrides both where bytes are no ASCII."""
        self.problems: list[Problem] = []
        self.text: Decoder
        claims_utf8, escapes = record[9:10] == b"a", b"\x1b" in record
        without_faults = record.decode(errors="ignore")
        if any(escape in record for escape in JIS_ESCAPES):
            self.text = self._by_codec("iso2022_jp_ext")
        elif record.isascii() and not escapes:
            self.text = from_ascii
        elif named:
            self.text = self._by_codec(named)
        elif len(without_faults.encode()) == len(record) and not escapes:
            self.text = bytes.decode
            if not claims_utf8:
                self._note(Problem("リーダはMARC-8と言いますが、UTF-8でした。"))
        else:
            if claims_utf8 and ACCENTED.search(record) and without_faults.isascii():
                self._note(Problem("リーダはUTF-8と言いますが、MARC-8でした。"))
                claims_utf8 = False
            # In MARC-8 a letter follows a high byte; in Shift_JIS or Windows-1251 most of them stand in runs.
            runs, high = len(RUN_OF_HIGH_BYTES.findall(record)), len(HIGH_BYTE.findall(record))
            if not claims_utf8 and not escapes and 2 * runs > high:
                self._note(UNKNOWN)
            self.text = self._from_utf8 if claims_utf8 else self._from_marc8

    def _from_marc8(self, value: bytes) -> str:
        text, complete = from_marc8(value)
        if not complete:
            self._note(MARC8_GARBLED)
        return text

    def _from_utf8(self, value: bytes) -> str:
        """Decode a field of a record that is not all UTF-8: by itself, else as MARC-8 where it says so."""
        try:
            return value.decode()
        except UnicodeDecodeError:
            if b"\x1b" in value:
                return self._from_marc8(value)
            self._note(GARBLED)
            return value.decode(errors="replace")

    def _by_codec(self, name: str) -> Decoder:
        def decode(value: bytes) -> str:
            text = value.decode(name, errors="replace")
            if UNREADABLE in text:
                self._note(GARBLED)
            return text

        return decode

    def _note(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def from_ascii(value: bytes) -> str:
    """Return the text of ASCII bytes, in which letters beyond it may be written as references (&#x5CA1;)."""
    text = value.decode("ascii")
    return REFERENCE.sub(_referred, text) if "&#x" in text else text


def from_marc8(value: bytes) -> tuple[str, bool]:
    """Return the text of MARC-8 bytes and whether every code in them is known.

    pymarc's converter tells of unknown codes on the error output only, so that is listened to.
    """
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            text = marc8_to_unicode(value)
    except (UnicodeDecodeError, KeyError, ValueError):
        return value.decode("ascii", errors="replace"), False
    text = REFERENCE.sub(_referred, text)
    return unicodedata.normalize("NFC", text), not said.getvalue()


def _referred(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]
