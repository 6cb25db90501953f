"""Rules are quoted in one spelling (``SPEC R4``, ``promise 5``, ``decision 7``), and each leads to its page."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house import ROOMS

ROOT = Path(__file__).resolve().parent.parent
SPEC, DESIGN = ROOT / "docs" / "spec.md", ROOT / "docs" / "design.md"
SEVERAL = r"(?:(?:, | and | to ){0}(?![\d.]))*"
A_RULE, A_NUMBER = r"[A-Z]\d{1,2}", r"\d+"
RULES = re.compile(rf"\bSPEC ({A_RULE}{SEVERAL.format(A_RULE)})")
PROMISES = re.compile(rf"\bpromises? ({A_NUMBER}{SEVERAL.format(A_NUMBER)})")
DECISIONS = re.compile(rf"\b[Dd]ecisions? ({A_NUMBER}{SEVERAL.format(A_NUMBER)})")
OTHERWISE = (
    re.compile(r"\b[ADFMNPRSV]\d{1,2}\b"),  # a rule without the word SPEC before it
    re.compile(r"\bSPEC\b|\bRULINGS?\b|\b[Rr]ulings? \d|\bTRUST\b|\bADR\b"),
    re.compile(r"\bissue (?:of the|\d)"),
)
COMMENTS = {
    ".html": r"\{#.*?#\}|<!--.*?-->",
    ".css": r"/\*.*?\*/",
    ".js": r"/\*.*?\*/|(?:^|\s)//[^\n]*",
    ".toml": r"(?:^|\s)#[^\n]*",
    ".yaml": r"(?:^|\s)#[^\n]*",
}


@cache
def written() -> tuple[tuple[str, str], ...]:
    return tuple(_written())


def _written() -> Iterator[tuple[str, str]]:
    """Yield what people read in every file of ours: comments, docstrings, pages; not code and not data."""
    yield from ((str(page.relative_to(ROOT)), without_code(page)) for page in sorted(ROOT.glob("docs/**/*.md")))
    yield from ((page.name, without_code(page)) for page in sorted(ROOT.glob("*.md")))
    for name in ("pyproject.toml", ".pre-commit-config.yaml", "portal.py", "manage.py"):
        yield name, comments(ROOT / name)
    for top in (*ROOMS, "tests", "templates", "static"):
        for path in sorted((ROOT / top).rglob("*.*")):
            if path.suffix in (".py", *COMMENTS):
                yield str(path.relative_to(ROOT)), comments(path)


def without_code(page: Path) -> str:
    return re.sub(r"`[^`\n]*`|^    .*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)


def comments(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return "\n".join(re.findall(COMMENTS[path.suffix], text, re.DOTALL))
    marks = [
        token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT
    ]
    nodes = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr))
    return "\n".join([*marks, *(str(node.value) for node in nodes if isinstance(node, ast.Constant))])


def quoted(pattern: re.Pattern[str], text: str) -> set[str]:
    """Give every rule of ``R2, R5 and M1 to M3``, those in between included."""
    found: set[str] = set()
    for several in pattern.findall(text):
        for first, last in re.findall(r"([A-Z]?\d+)(?: to ([A-Z]?\d+))?", several):
            letter = re.sub(r"\d", "", first)
            numbers = range(int(first.lstrip(letter or " ")), int((last or first).lstrip(letter or " ")) + 1)
            found |= {f"{letter}{number}" for number in numbers}
    return found


def lacking(pattern: re.Pattern[str], known: set[str]) -> dict[str, set[str]]:
    return {name: missing for name, text in written() if (missing := quoted(pattern, text) - known)}


def test_rules_are_quoted_in_one_spelling():
    others: set[str] = set()
    for name, text in written():
        rest = DECISIONS.sub("", PROMISES.sub("", RULES.sub("", text)))
        if name not in ("docs/spec.md", "tests/test_references.py"):
            others |= {f"{name}: {found[0]}" for pattern in OTHERWISE for found in pattern.finditer(rest)}
    assert sorted(others) == []


def test_every_rule_that_is_quoted_stands_in_the_spec():
    assert lacking(RULES, set(re.findall(r"^- ([A-Z]\d{1,2}) ", SPEC.read_text(encoding="utf-8"), re.MULTILINE))) == {}


def test_every_promise_that_is_quoted_was_given():
    given = DESIGN.read_text(encoding="utf-8").partition("## Promises")[2].partition("\n## ")[0]
    assert lacking(PROMISES, set(re.findall(r"^(\d+)\. ", given, re.MULTILINE))) == {}


def test_every_decision_that_is_quoted_has_its_page():
    assert lacking(DECISIONS, {str(int(page.name[:2])) for page in ROOT.glob("docs/decisions/[0-9]*.md")}) == {}


def test_what_is_quoted_is_read_whole():
    text = "(SPEC R1 to R3, M5 and V1, decisions 11 and 21, promises 1, 7 and 10, docs)"
    assert quoted(RULES, text) == {"R1", "R2", "R3", "M5", "V1"}
    assert quoted(DECISIONS, text) == {"11", "21"}
    assert quoted(PROMISES, text) == {"1", "7", "10"}
