"""What a file is that holds no MARC records, told by how it begins: a refusal names it and the way from there."""

import codecs
import re

from catalog.marc.files.problem import FileRefused

KINDS = (
    (b"=LDR", "MarcEdit のテキスト形式（.mrk）です。.mrc にしてください。"),
    (b"%PDF", "PDFのファイルです。MARC（.mrc か MARCXML）にしてください。"),
    (b"\xd0\xcf\x11\xe0", "Excelのファイル（.xls）です。MARC（.mrc か MARCXML）にしてください。"),
    (b"{", "JSONのファイルです。MARC（.mrc か MARCXML）にしてください。"),
    (b"[", "JSONのファイルです。MARC（.mrc か MARCXML）にしてください。"),
)
SCHEMA = re.compile(r"<(?:\w+:)?recordSchema>\s*([^<]{1,80}?)\s*</")
ANOTHER_FORM = re.compile(r"(?:<|&lt;)(rdf:RDF|oai_dc:dc|(?:dcndl|mods|dcterms):\w+)")


def refuse_other_kinds(head: bytes) -> None:
    """Raise FileRefused for a file that is something else from its first bytes on."""
    begin = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for sign, sentence in KINDS:
        if begin.startswith(sign):
            raise FileRefused(sentence)


def other_form(text: str) -> str:
    """Return the name of what the text of a record is in, if it is no MARCXML and says so; "" otherwise."""
    found = SCHEMA.search(text) or ANOTHER_FORM.search(text)
    return found[1] if found else ""
