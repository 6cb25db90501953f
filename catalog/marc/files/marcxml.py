"""MARCXML: cut a stream into ``<record>`` elements, and parse each by itself.

Each element is parsed alone, so that one that is not well-formed costs no neighbour and memory stays flat. A document
type is refused outright: MARCXML has none, and entities are how XML bombs are made.
"""

import codecs
import re
from collections.abc import Generator, Iterator
from functools import cache
from io import BufferedReader
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from catalog.marc.files.otherwise import other_form
from catalog.marc.files.problem import FileRefused, Problem

CHUNK = 1 << 18
LONGEST_RECORD = 1 << 20  # characters
TAG_NAME = 80
BEGIN = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?record(?=[\s>/])")
PREFIX = re.compile(r"[<\s](?!xml)([A-Za-z_][A-Za-z0-9_.-]*):(?=\w)")  # or a word of a text, which does no harm
FIELD = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:leader|controlfield|datafield)\b")
DECLARATION = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
NEVER = re.compile("<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONE = re.compile("[\ud800-\udfff]")  # halves of a pair, which some codecs give and no text holds
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BEGINNINGS = ((b"<\0", "utf-16-le"), (b"\0<\0", "utf-16-be"))  # without a mark
NOTATIONS = {"unicode-escape", "raw-unicode-escape"}  # of Python's source, not of files


def encoding_of(head: bytes) -> str:
    """Return the codec that a file's first bytes name, UTF-8 where they name none or an unknown one.

    FileRefused is raised for what Python calls a codec and is no encoding of text (hex, rot13, idna).
    """
    for mark, name in (*BOMS, *BEGINNINGS):
        if head.startswith(mark):
            return name
    found = DECLARATION.match(head)
    declared = found[1].decode() if found else "utf-8"
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return "utf-8"
    if not reads_text(name):
        raise FileRefused(f"文字コード「{declared[:40]}」は読めません。UTF-8にしてください。")
    # The declaration was read as ASCII: a codec in which it would read otherwise is not the file's.
    return name if declared.encode().decode(name, errors="replace") == declared else "utf-8"


def reads_text(codec: str) -> bool:
    """Tell whether a codec that Python knows turns any bytes of a file into text."""
    try:
        b"a".decode(codec, errors="replace")
    except (LookupError, UnicodeError):
        return False
    return codecs.lookup(codec).name not in NOTATIONS


def records(stream: BufferedReader, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield (bytes read so far, text of an element) for each record; raise FileRefused on a document type."""
    buffer, read, at_end = "", 0, False
    decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
    while not at_end:
        chunk = stream.read1(CHUNK)
        read, at_end = read + len(chunk), not chunk
        buffer += LONE.sub("\ufffd", decode(chunk, final=at_end))
        if NEVER.search(buffer):
            raise FileRefused("文書型宣言（DOCTYPE）のあるXMLは受け付けません。")
        buffer = yield from _complete(buffer, read, at_end=at_end)


def _complete(buffer: str, read: int, *, at_end: bool) -> Generator[tuple[int, str], None, str]:
    """Yield the elements that are all there; return what is left."""
    at = 0
    while begin := BEGIN.search(buffer, at):
        start = begin.start()
        closing = _closing(begin[1]).search(buffer, begin.end())
        end = closing.end() if closing else -1
        following = BEGIN.search(buffer, begin.end())
        nested = following is not None and (end < 0 or following.start() < end)
        if following and nested:
            end = following.start()  # it was never closed: it ends where the next begins
        elif end < 0 and not at_end and len(buffer) - start < LONGEST_RECORD:
            return buffer[start:]
        elif end < 0:
            end = len(buffer)
        if not nested or FIELD.search(buffer, start, end):  # else it wraps a record, as those of OAI-PMH do
            yield read, buffer[start:end]
        at = end
    return buffer[max(at, len(buffer) - TAG_NAME) :]


@cache
def _closing(prefix: str | None) -> re.Pattern[str]:
    """Return what closes a record: not </recordData> nor </recordSchema>, which SRU puts into one."""
    return re.compile(f"</{prefix + ':' if prefix else ''}record\\s*>")


def element(text: str) -> tuple[Element | None, list[Problem]]:
    """Parse one record; the prefixes in it are declared around it, since the document's head is not here."""
    clean = FORBIDDEN.sub("", text)
    if not FIELD.search(clean) and (form := other_form(clean)):
        return None, [Problem(f"MARCXMLではありません（{form} の形式です）。", fatal=True)]
    problems = [Problem("XMLに使えない制御文字を取り除きました。")] if clean != text else []
    spaces = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in dict.fromkeys(PREFIX.findall(clean)))
    try:
        around = fromstring(f"<r{spaces}>{clean}</r>")
    except (ParseError, DefusedXmlException, ValueError) as error:
        return None, [Problem(f"XMLとして読めません（{error}）。", fatal=True)]
    if "\ufffd" in clean:
        problems.append(Problem("読めない文字がありました（�と表示します）。"))
    return around[0], problems


def local_name(node: Element) -> str:
    return node.tag.rpartition("}")[2]
