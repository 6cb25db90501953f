"""The gettext catalogues of the patrons' pages: what is said where, and which language lacks it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from catalog.bibliography.ndc import main_classes
from catalog.models import OpeningHours
from notifications.unsubscribe import KINDS
from opac.look.languages import is_page
from opac.marking import JAPANESE, is_japanese, mark
from reservations.holds import EXPIRED
from reservations.models import Reservation, State

SIMPLE = re.compile(r"\{% translate (?:\"([^\"]*)\"|'([^']*)') %\}|_\(\"([^\"]*)\"\)")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.S)
VALUE = re.compile(r"\{\{ (\w+) \}\}")
# Words of rows that the first migrations write; a library that adds a material type adds its translation.
ROWS = {"図書", "雑誌", "朗読CD", "ビデオ", "CD（音楽・落語など）", "DVD・ビデオ"}
CONTEXT = "\x04"  # as gettext itself parts a context from its message
NAMES = {
    *OpeningHours.Weekday.labels,
    *Reservation.ClosedBy.labels,
    *Reservation.MadeAt.labels,
    *(here.name for here in main_classes()),
    *(kind.label for kind in KINDS),
    EXPIRED,
    f"state{CONTEXT}{State.CANCELLED.label}",
}

FILLED = re.compile(r"\{")  # filled by format() before a page sees it
ENTRY = re.compile(r'(?:msgctxt ("(?:[^"\\]|\\.)*")\n)?msgid ("(?:[^"\\]|\\.)*")\nmsgstr ("(?:[^"\\]|\\.)*")')

# Code whose words reach a patron through a value ({{ … |translated }}): labels, refusals, messages.
CODE = (
    "catalog/pages/facets.py",
    "catalog/search/query.py",
    "catalog/search/relax.py",
    "catalog/search/understanding.py",
    "loans/limits.py",
    "loans/privacy.py",
    "loans/views.py",
    "notifications/forms.py",
    "notifications/privacy.py",
    "notifications/views",
    "opac/pages/erasure.py",
    "opac/faces/face.py",
    "opac/pages/help.py",
    "opac/look/status_icons.py",
    "opac/pages/my_data.py",
    "opac/faces/touch_reserve.py",
    "opac/templatetags/portal.py",
    "patrons/forms",
    "patrons/models/challenge.py",
    "patrons/models/patron.py",
    "patrons/account/passkeys.py",
    "patrons/models/shelf.py",
    "patrons/account/passwords.py",
    "patrons/privacy.py",
    "patrons/views",
    "reservations/forms.py",
    "reservations/limits.py",
    "reservations/privacy.py",
    "reservations/queue.py",
    "reservations/views/my_page.py",
    "reservations/views",
    "reservations/wait.py",
)
ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop"}
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
        if is_japanese(message):
            yield message
    for found in BLOCK.finditer(marked):
        lines = [line.strip() for line in found[1].replace("%", "%%").strip().splitlines()]
        yield VALUE.sub(r"%(\1)s", " ".join(line for line in lines if line))


def messages_of_code() -> set[str]:
    """Return the Japanese strings of the code whose words a patron reads, and all that is under gettext anywhere.

    Docstrings and strings that are filled otherwise than by gettext's values are not among them.
    """
    root = Path(settings.BASE_DIR)
    read_by_patrons = {message for file in files_of_code() for message in _constants(ast.parse(file.read_text()))}
    modules = [file for room in ROOMS for file in (root / room).rglob("*.py")]
    under_gettext = {message for file in modules for message in _under_gettext(ast.parse(file.read_text()))}
    return ROWS | NAMES | read_by_patrons | under_gettext


def files_of_code() -> list[Path]:
    """Return the modules whose words a patron reads."""
    paths = [Path(settings.BASE_DIR) / name for name in CODE]
    return [file for path in paths for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]


def built_sentences(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (function, source) of each Japanese f-string outside the names of rows: no catalogue can hold it."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name == "__str__":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr) and JAPANESE.search(ast.unparse(node)):
                yield function.name, ast.unparse(node)


def _under_gettext(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            words = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            if isinstance(words, str) and is_japanese(words):
                yield words


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
    said: dict[str, str] = {}
    for context, message, words in ENTRY.findall(catalogue.read_text()):
        said[CONTEXT.join(json.loads(part) for part in (context, message) if part)] = json.loads(words)
    return {message: words for message, words in said.items() if message}


def write(catalogue: Path, said: dict[str, str], language: str) -> None:
    """Write a .po file, its messages in the order of their letters."""
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    entries = [f'msgid ""\nmsgstr "{HEADER.format(language=language)}"\n']
    for message in sorted(said):
        flag = "#, python-format\n" if "%(" in message else ""
        context, _, words = message.rpartition(CONTEXT)
        about = f"msgctxt {_quoted(context)}\n" if context else ""
        entries.append(f"{flag}{about}msgid {_quoted(words)}\nmsgstr {_quoted(said[message])}\n")
    catalogue.write_text("\n".join(entries))


def merge(catalogue: Path, messages: set[str], language: str) -> int:
    """Bring a catalogue up to what is said now and return how many messages it lacks."""
    known = read(catalogue)
    write(catalogue, {message: known.get(message, "") for message in messages}, language)
    return sum(not known.get(message) for message in messages)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
