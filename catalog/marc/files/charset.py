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
# A combining mark of MARC-8 stands before the letter it belongs to; letters of its own are Đ, ơ, ư and their like.
MARKED = rb"(?:[\xe0-\xfe]{0,3}[\xa1-\xbe\xc0-\xc8])*(?:[\xe0-\xfe]{1,3}(?=[A-Za-z\x88])|[\x88\x89\x8d\x8e])?"
LIKE_MARC8 = re.compile(rb"(?:[\x00-\x7f]|" + MARKED + rb"(?![\x80-\xff]))*")
NOT_VIETNAMESE = re.compile(
    rb"(?![\xa3\xb3\xac\xad\xbc\xbd\xa7\xb7\xae\xb0])[\xa1-\xbe\xc0-\xc8][\xe0-\xfe]*[\xa1-\xbe\xc0-\xc8]"
)
TWICE = Problem("二重に変換された文字（文字化け）があり、元の文字に直しました。")
LOOKS_TWICE = Problem("文字化けと思われる文字があります。記録を見てください。")
HIGH_RUN = re.compile("[\u0080-\u00ff\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u2122]{2,}")
OF_SHIFT_JIS = re.compile("[縺繧繝譁蜷荳邱]")
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
            if not claims_utf8 and not escapes and 2 * runs > high and not is_vietnamese(record):
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


def is_vietnamese(record: bytes) -> bool:
    """Tell whether bytes in runs are letters with two marks (ệ, ướ), and not two-byte characters or Cyrillic."""
    return bool(LIKE_MARC8.fullmatch(record)) and not NOT_VIETNAMESE.search(record)


def unfolded(text: str) -> tuple[str, Problem | None]:
    """Return a text that was taken for Latin-1 or Shift_JIS and encoded again as it was before, with a word on it."""
    if text.isascii():
        return text, None
    for read in (_as_latin, _as_shift_jis):
        try:
            before = read(text).decode()
        except (UnicodeError, LookupError):
            continue
        if before != text and not before.isascii():
            return unfolded(before)[0], TWICE
    suspicious = len(OF_SHIFT_JIS.findall(text)) >= 3 or any(map(_is_torn, HIGH_RUN.findall(text)))
    return text, LOOKS_TWICE if suspicious else None


def _as_latin(text: str) -> bytes:
    return b"".join(bytes([ord(one)]) if one < "\u0100" else one.encode("cp1252") for one in text)


def _as_shift_jis(text: str) -> bytes:
    """Return the bytes of a text full of 縺 and 繧, which is what UTF-8 taken for Shift_JIS looks like."""
    if not OF_SHIFT_JIS.search(text):
        raise LookupError
    return text.encode("cp932")


def _is_torn(run: str) -> bool:
    """Tell whether accented letters hold the bytes of East Asian text, whose other bytes are lost."""
    return (
        len(run) >= 4
        and any("\xe3" <= one <= "\xe9" for one in run)
        and sum("\x80" <= one < "\xc0" for one in run) >= 2
    )


def _referred(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]
