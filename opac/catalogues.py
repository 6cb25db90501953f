"""The gettext catalogues of the patrons' pages: what is said where, and which language lacks it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from opac.languages import is_page
from opac.marking import JAPANESE, mark

SIMPLE = re.compile(r"\{% translate (?:\"([^\"]*)\"|'([^']*)') %\}|_\(\"([^\"]*)\"\)")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.S)
VALUE = re.compile(r"\{\{ (\w+) \}\}")
# Words of rows that the first migrations write; a library that adds a material type adds its translation.
ROWS = {"図書", "雑誌", "朗読CD", "ビデオ", "CD（音楽・落語など）", "DVD・ビデオ"}

FILLED = re.compile(r"\{")  # filled by format() before a page sees it
ENTRY = re.compile(r'msgid ("(?:[^"\\]|\\.)*")\nmsgstr ("(?:[^"\\]|\\.)*")')

# Code whose words reach a patron through a value ({{ … |translated }}): labels, refusals, messages.
CODE = (
    "catalog/facets.py",
    "catalog/search/query.py",
    "catalog/search/relax.py",
    "catalog/search/understanding.py",
    "loans/limits.py",
    "loans/privacy.py",
    "loans/views.py",
    "notifications/forms.py",
    "notifications/privacy.py",
    "notifications/views",
    "opac/erasure.py",
    "opac/faces.py",
    "opac/help.py",
    "opac/my_data.py",
    "opac/one_by_one.py",
    "opac/templatetags/portal.py",
    "patrons/forms",
    "patrons/models/challenge.py",
    "patrons/models/patron.py",
    "patrons/passkeys.py",
    "patrons/models/shelf.py",
    "patrons/passwords.py",
    "patrons/privacy.py",
    "patrons/views",
    "reservations/forms.py",
    "reservations/limits.py",
    "reservations/privacy.py",
    "reservations/queue.py",
    "reservations/shown.py",
    "reservations/views",
)
HEADER = "Content-Type: text/plain; charset=UTF-8\\nContent-Transfer-Encoding: 8bit\\nLanguage: {language}\\n"


def messages_of_templates() -> set[str]:
    """Return every message of the patrons' templates, as gettext knows it."""
    folder = Path(settings.BASE_DIR) / "templates"
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    return {message for name in names if is_page(name) for message in messages_in((folder / name).read_text())}


def messages_in(source: str) -> Iterator[str]:
    """Yield the messages of one template."""
    marked = re.sub(r"\{#.*?#\}", "", mark(source))
    for found in SIMPLE.finditer(marked):
        message = found[1] or found[2] or found[3]
        if JAPANESE.search(message):
            yield message
    for found in BLOCK.finditer(marked):
        lines = [line.strip() for line in found[1].replace("%", "%%").strip().splitlines()]
        yield VALUE.sub(r"%(\1)s", " ".join(line for line in lines if line))


def messages_of_code() -> set[str]:
    """Return the Japanese strings of the code whose words a patron reads; filled ones and docstrings apart."""
    paths = [Path(settings.BASE_DIR) / name for name in CODE]
    files = [file for path in paths for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]
    return ROWS | {message for file in files for message in _constants(ast.parse(file.read_text()))}


def _constants(tree: ast.AST) -> Iterator[str]:
    skipped = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in ast.walk(node)}
    skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        words = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else ""
        if isinstance(words, str) and JAPANESE.search(words) and not FILLED.search(words):
            yield words


def read(catalogue: Path) -> dict[str, str]:
    """Return the translations of a .po file; an empty one is not translated yet."""
    if not catalogue.exists():
        return {}
    pairs = ENTRY.findall(catalogue.read_text())
    return {json.loads(message): json.loads(said) for message, said in pairs if json.loads(message)}


def write(catalogue: Path, said: dict[str, str], language: str) -> None:
    """Write a .po file, its messages in the order of their letters."""
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    entries = [f'msgid ""\nmsgstr "{HEADER.format(language=language)}"\n']
    for message in sorted(said):
        flag = "#, python-format\n" if "%(" in message else ""
        entries.append(f"{flag}msgid {_quoted(message)}\nmsgstr {_quoted(said[message])}\n")
    catalogue.write_text("\n".join(entries))


def merge(catalogue: Path, messages: set[str], language: str) -> int:
    """Bring a catalogue up to what is said now and return how many messages it lacks."""
    known = read(catalogue)
    write(catalogue, {message: known.get(message, "") for message in messages}, language)
    return sum(not known.get(message) for message in messages)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
