"""What the sources say to patrons: modules and templates, their messages, and the Japanese that stands under none.

Staff read Japanese alone, so their folders are left out; a new module or template anywhere else is read by itself.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
MARKS = re.compile(r"[、。・：（）「」『』～＊｜]")  # a screen reader in another language would name them
WIDE = "\u3000"  # a space between values
CONTEXT = "\x04"  # as gettext itself parts a context from its message

ROOT = Path(settings.BASE_DIR)
ROOMS = ("catalog", "patrons", "reservations", "loans", "notifications", "opac")
# Folders, or the first part of a name, whose words only staff read.
STAFF = (
    "catalog/bibliography/label_trial",
    "catalog/marc",
    "catalog/spreadsheets",
    "loans/answers",
    "loans/desk",
    "loans/lists",
    "opac/sample",
    "opac/staff",
    "reservations/stranded",
)
STAFF_EVERYWHERE = re.compile(r"/(?:admin\w*\.py$|apps\.py$|management/|migrations/)")
STAFF_IMPORTS = {"loans.answers.DeskAnswer", "catalog.spreadsheets.cells.RowError"}  # who answers a scan, reads a file
# What knows the Japanese language, or speaks it whatever the page does: tables of letters, rules of wording, what
# programs read (a feed says that it is Japanese).
LANGUAGE = (
    "catalog/derived",
    "catalog/japanese",
    "catalog/languages",
    "catalog/machines",
    "catalog/search/index",
)
MODELS = re.compile(r"/models(?:/|\.py$)")  # names of columns are the admin's; labels of choices are looked at alive
OF_THE_ADMIN = re.compile(r"clean|validate_\w+")  # functions of models that judge what staff typed
STAFF_TEMPLATES = ("admin/", "loans/desk", "opac/gallery", "opac/enrol", "opac/mailbox")

ONLY_JAPANESE = {"ja_time", "loan_limit_reached"}  # for Japanese pages alone, or for the counter
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}
PATTERN = re.compile(r"[\[\]\\^$]")
NOT_SAID = re.compile(rf"{PATTERN.pattern}|^#|^SELECT |^.$")  # a pattern, the head of a table, a query, one letter
NAMES = {name for _, name in settings.LANGUAGES}  # as languages call themselves

MARKED = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}|\{% translate .*?%\}", re.S)
UNSEEN = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
UNDER_MARK = re.compile(r"_\((?:\"[^\"]*\"|'[^']*')\)")
IN_TEMPLATE = re.compile(r"\b(?:gettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)")
ENTRY = re.compile(r'(?:^msgctxt ((?:".*"\n)+))?^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)', re.M)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and the tree of every module of the rooms that is not staff's."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            tree = ast.parse(file.read_text())
            if not (name.startswith(STAFF) or STAFF_EVERYWHERE.search(name) or STAFF_IMPORTS & set(_imports(tree))):
                yield name, tree


def _imports(tree: ast.Module) -> Iterator[str]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return (f"{node.module}.{name.name}" for node in found for name in node.names)


def functions_of(tree: ast.Module) -> ast.Module:
    """Return the functions of a module of models, but those that judge what staff typed."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return ast.Module([node for node in found if not OF_THE_ADMIN.fullmatch(node.name)], type_ignores=[])


def pages() -> dict[str, str]:
    """Return the source of every template of the patrons' pages, by its name."""
    folder = ROOT / "templates"
    files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*.html"))}
    return {name: file.read_text() for name, file in files.items() if not name.startswith(STAFF_TEMPLATES)}


def bare_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, words) of each Japanese string that patrons could read and that is under no gettext.

    Docstrings are not said, nor is what stands in ``NOT_SAID`` or ``NAMES``, nor a row's name for the admin; a table
    by language has Japanese under "ja".
    """
    apart = {id(part) for node in ast.walk(tree) for one in _apart(node) for part in ast.walk(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            words = node.value
            if JAPANESE.search(words) and not NOT_SAID.search(words) and words not in NAMES:
                yield node.lineno, words


def _apart(node: ast.AST) -> list[ast.expr] | list[ast.FunctionDef]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in GETTEXT:
            return node.args
        case ast.FunctionDef(name=name) if name == "__str__" or name in ONLY_JAPANESE:
            return [node]
        case ast.Dict():
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            return [value for key, value in zip(keys, node.values, strict=True) if key == settings.LANGUAGE_CODE]
        case ast.Expr(value=ast.Constant()):
            return [node.value]
    return []


def built_sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, source) of each Japanese f-string: no catalogue can hold it, not even under gettext."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    apart = {id(part) for node in functions if node.name in {"__str__", *ONLY_JAPANESE} for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in apart:
            words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if JAPANESE.search(words) and not PATTERN.search(words):
                yield node.lineno, ast.unparse(node)


def bare_words(template: str) -> list[str]:
    """Return the lines of a template that hold Japanese, or its marks, outside the marks for translation."""
    left = UNDER_MARK.sub("", MARKED.sub("", UNSEEN.sub("", template)))
    return [line.strip() for line in left.splitlines() if JAPANESE.search(line) or MARKS.search(line) or WIDE in line]


def messages() -> set[str]:
    """Return every message of the rooms and of the patrons' pages, as the catalogues name it."""
    trees = [ast.parse(file.read_text()) for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    of_code = {message for tree in trees for message in _messages_of(tree)}
    written = [templatize(source) for source in pages().values()]
    return of_code | {ast.literal_eval(found) for source in written for found in IN_TEMPLATE.findall(source)}


def _messages_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            parts = 2 if node.func.id.startswith("pgettext") else 1
            words = [one.value for one in node.args[:parts] if isinstance(one, ast.Constant)]
            if len(words) == parts:
                yield CONTEXT.join(map(str, words))


def catalogue(language: str) -> Path:
    """Return the .po file of a language."""
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def translations(language: str) -> dict[str, str]:
    """Read the .po file of a language: its messages, each with its translation."""
    said = {}
    for context, message, words in ENTRY.findall(catalogue(language).read_text()):
        said[CONTEXT.join(_text(part) for part in (context, message) if part)] = _text(words)
    return {message: words for message, words in said.items() if message}


def _text(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.splitlines())
