"""Templates are written in Japanese; every run of Japanese text in them is a message of the gettext catalogues.

What a page's author would otherwise mark by hand is marked when a template is loaded, so that no page can be
forgotten: text becomes ``{% translate %}``, text around values becomes ``{% blocktranslate %}`` (in an attribute,
too), and a Japanese argument of an include becomes ``_("…")``. Japanese marks between values (``：``, ``「」``, a wide
space) are marked likewise, for other languages have their own. ``manage.py messages`` reads the same marks to write
the catalogues.
A template that marks a sentence itself keeps its own mark.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
MARKS = re.compile(r"[、。・：（）「」『』～＊｜]")  # a screen reader in another language would name them
WIDE = "\u3000"  # a space between values
TAG = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.S)
QUOTED = re.compile(r'=("[^"]*[ぁ-んァ-ヶ一-龠][^"]*")')
ARGUMENT = re.compile(r'(default:|default_if_none:|join:)("[^"]*[ぁ-んァ-ヶ一-龠、。・：\u3000][^"]*")')
ATTRIBUTE = re.compile(r'="((?:[^"{}<>]|\{(?![{%])|(?<!\})\}|\{\{[^}]*\}\})*)"')
NAME = re.compile(r"[a-z_]\w*")


class Piece(NamedTuple):
    """A part of a template: ``text``, ``value`` ({{ … }}), ``block`` ({% … %}) or ``html`` (within < and >)."""

    kind: str
    source: str


def mark(source: str) -> str:
    """Return a template's source with its Japanese marked for translation."""
    if not is_japanese(source):
        return source
    source = ATTRIBUTE.sub(_attribute, source)
    marked: list[str] = []
    run: list[Piece] = []
    own_marks = False
    for piece in _pieces(source):
        own_marks = _own_marks(piece, own_marks)
        if piece.kind in {"text", "value"} and not own_marks:
            run.append(piece)
            continue
        marked += [_run(run), piece.source if own_marks else _mark_piece(piece)]
        run = []
    return "{% load i18n %}" * ("{% extends" not in source) + _after_extends("".join([*marked, _run(run)]))


def is_japanese(text: str) -> bool:
    """Tell whether text has anything that another language says or writes otherwise: letters, marks, a wide space."""
    return _says(text) or WIDE in text


def _says(text: str) -> bool:
    return bool(JAPANESE.search(text) or MARKS.search(text))


def _attribute(found: re.Match[str]) -> str:
    """Mark an attribute that has words around values; one of words alone is marked with its tag."""
    words = re.sub(r"\{\{.*?\}\}", "", found[1])
    return f'="{_with_values(found[1])}"' if "{{" in found[1] and _says(words) else found[0]


def _after_extends(source: str) -> str:
    return re.sub(r"(\{% extends [^%]*%\})", r"\1{% load i18n %}", source, count=1)


def _own_marks(piece: Piece, before: bool) -> bool:
    """Tell whether a piece stands between marks that the template's author wrote."""
    if piece.source.startswith(("{% blocktrans", "{% comment", "{% verbatim")):
        return True
    return before and not piece.source.startswith(("{% endblocktrans", "{% endcomment", "{% endverbatim"))


def _pieces(source: str) -> Iterator[Piece]:
    within = False
    for part in filter(None, TAG.split(source)):
        if part.startswith(("{%", "{{", "{#")):
            kind = "html" if within or part.startswith("{#") else "block" if part.startswith("{%") else "value"
            yield Piece(kind, part)
            continue
        for bit in filter(None, re.split(r"([<>])", part)):
            if bit == "<":
                within = True
                yield Piece("html", bit)
            elif bit == ">" and within:
                within = False
                yield Piece("html", bit)
            else:
                yield Piece("html" if within else "text", bit)


def _mark_piece(piece: Piece) -> str:
    source = piece.source
    if not is_japanese(source) or source.startswith("{#"):
        return source
    if piece.kind == "html" and not source.startswith("{"):
        return QUOTED.sub(lambda found: f'="{{% translate {found[1]} %}}"', source)
    if source.startswith("{% include"):
        return ARGUMENT.sub(r"\1_(\2)", QUOTED.sub(r"=_(\1)", source))
    return source


def _run(run: list[Piece]) -> str:
    """Mark text and the values within it as one message."""
    source = "".join(piece.source for piece in run)
    if not any(piece.kind == "text" and _says(piece.source) for piece in run):
        return "".join(_space(piece.source) if piece.kind == "text" else _value(piece.source) for piece in run)
    body = source.strip()
    lead, tail = (_space(edge) for edge in source.split(body, 1))
    if "{{" not in body:
        words = re.sub(r"\s+", " ", body)
        quote = "'" if '"' in words else '"'
        return f"{lead}{{% translate {quote}{words}{quote} %}}{tail}"
    return f"{lead}{_with_values(body)}{tail}"


def _space(blank: str) -> str:
    return blank.replace(WIDE, f'{{% translate "{WIDE}" %}}')


def _value(source: str) -> str:
    return ARGUMENT.sub(r"\1_(\2)", source)


def _with_values(body: str) -> str:
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        expression = _value(found[1].strip())
        if NAME.fullmatch(expression):
            return f"{{{{ {expression} }}}}"
        known = next((name for name, value in names.items() if value == expression), None)
        name = known or _free_name(expression, names)
        names[name] = expression
        return f"{{{{ {name} }}}}"

    words = re.sub(r"\{\{(.*?)\}\}", named, body)
    bound = "".join(f" {name}={expression}" for name, expression in names.items())
    return f"{{% blocktranslate{' with' + bound if bound else ''} trimmed %}}{words}{{% endblocktranslate %}}"


def _free_name(expression: str, taken: dict[str, str]) -> str:
    base = expression.split("|")[0].split(".")[-1].removeprefix("get_").removesuffix("_display")
    base = base if NAME.fullmatch(base) else "value"
    return next(name for name in (base, *(f"{base}{number}" for number in range(2, 99))) if name not in taken)
