"""A search as it was asked: rows of words, filters, order and page, all within bounds.

``Query.read`` takes whatever stands in an address and never fails: what is too much is left out and said in ``notes``,
what is not allowed is ignored. ``address`` writes a query back, so that every search has one address.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.bibliography.isbn import isbn13
from catalog.japanese.fold import fold
from catalog.japanese.kana import UNREAD
from catalog.typed_numbers import typed_number

LONGEST = 100  # characters of one row
MOST_TERMS = 8
MOST_ROWS = 6
MOST_VALUES = 12  # of one filter
PAGE_SIZE = 20
LAST_PAGE = 100

FIELDS = {
    "any": gettext_lazy("すべての項目"),
    "title": gettext_lazy("書名"),
    "creator": gettext_lazy("著者"),
    "publisher": gettext_lazy("出版者"),
    "subject": gettext_lazy("件名"),
    "isbn": gettext_lazy("ISBN"),
}
JOINS = {
    "and": gettext_lazy("かつ"),
    "or": gettext_lazy("または"),
    "not": gettext_lazy("を除く"),
}
SORTS = {
    "relevance": gettext_lazy("関連度順"),
    "newest": gettext_lazy("出版年の新しい順"),
    "oldest": gettext_lazy("出版年の古い順"),
    "title": gettext_lazy("書名の五十音順"),
    "creator": gettext_lazy("著者名の五十音順"),
}
VALUES = {
    "type": re.compile(r"[-\w]{1,20}", re.ASCII),
    "library": re.compile(r"[-\w]{1,20}", re.ASCII),
    "ndc": re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?"),
    "decade": re.compile(r"[0-9]{3}0"),
    "language": re.compile(r"[a-z]{3}"),
    "available": re.compile("1"),
}
WORD = re.compile(r"\w")
PHRASES = re.compile('["”“]([^"”“]+)["”“]|(\\S+)')


@dataclass(frozen=True)
class Term:
    """One word, or words in quotation marks, as typed and folded; spaces inside Japanese do not count."""

    typed: str
    folded: str

    @classmethod
    def read(cls, words: str, name: str) -> "Iterator[Term]":
        """Take apart what was typed for a field."""
        if name == "isbn":
            words = re.sub(r"[\s‐-―-]", "", words)
        if number := isbn13(words):
            yield cls(words.strip(), number)
            return
        terms = [
            cls(f'"{phrase}"' if phrase else word, fold(phrase or word)) for phrase, word in PHRASES.findall(words)
        ]
        said = [term for term in terms if WORD.search(term.folded)]  # a colon before a subtitle is no word
        yield from said or (term for term in terms if term.folded)


@dataclass(frozen=True)
class Row:
    """Terms that all stand in one field; ``join`` says how the row is joined to the rows before it."""

    terms: tuple[Term, ...]
    field: str = "any"
    join: str = "and"

    @property
    def words(self) -> str:
        return " ".join(term.typed for term in self.terms)

    @property
    def field_label(self) -> str:
        return str(FIELDS[self.field])


@dataclass(frozen=True)
class Query:
    """One search. ``filters`` maps the names of ``VALUES`` to the values that are let through (any of them)."""

    rows: tuple[Row, ...] = ()
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: str = "relevance"
    page: int = 1
    as_typed: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, params: QueryDict) -> "Query":
        """Read an address: ``q``; or ``field``, ``words`` and ``join`` repeated; or a field's own name."""
        rows, notes = _bounded(list(_rows(params))[:MOST_ROWS])
        filters = {}
        for name, allowed in VALUES.items():
            given = dict.fromkeys(params.getlist(name)[:MOST_VALUES])
            if values := tuple(value for value in given if allowed.fullmatch(value)):
                filters[name] = values
        sort = str(params.get("sort", ""))
        page = typed_number(params.get("page"), most=99_999)
        return cls(
            rows=rows,
            filters=filters,
            year_from=typed_number(params.get("from"), least=1000, most=9999),
            year_to=typed_number(params.get("to"), least=1000, most=9999),
            sort=sort if sort in SORTS else "relevance",
            page=min(max(page or 1, 1), LAST_PAGE),
            as_typed=params.get("as_typed") == "1",
            notes=notes,
        )

    @classmethod
    def of(cls, words: str, field: str = "any") -> "Query":
        """Make the query that someone asks by typing ``words`` into one box."""
        rows, notes = _bounded([("and", field, words)])
        return cls(rows=rows, notes=notes)

    def __bool__(self) -> bool:
        """Tell whether anything is asked at all."""
        return bool(self.rows or self.filters or self.year_from or self.year_to)

    def with_rows(self, rows: "Iterable[Row]") -> "Query":
        """Return this query with other rows, on its first page."""
        return replace(self, rows=tuple(rows), page=1)

    @property
    def words(self) -> str:
        """Return what stands in the one box, when the query is simple enough for it."""
        return self.rows[0].words if len(self.rows) == 1 and self.rows[0].field == "any" else ""

    @property
    def simple(self) -> bool:
        return not self.rows or bool(self.words)

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for row in self.rows if row.join != "not" for term in row.terms)

    @property
    def indexed(self) -> bool:
        """Tell whether search engines may list this search: words alone, not each way to narrow, sort or page them."""
        return [name for name, _ in self.pairs()] == ["q"]

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of this query's address."""
        if self.words:
            pairs = [("q", self.words)]
        elif len(self.rows) == 1 and self.rows[0].join == "and":
            pairs = [(self.rows[0].field, self.rows[0].words)]
        else:
            each = ((("join", row.join), ("field", row.field), ("words", row.words)) for row in self.rows)
            pairs = list(chain.from_iterable(each))
        pairs += [(name, value) for name, values in sorted(self.filters.items()) for value in values]
        pairs += [(name, str(year)) for name, year in (("from", self.year_from), ("to", self.year_to)) if year]
        pairs += [("sort", self.sort)] * (self.sort != "relevance")
        return pairs + [("as_typed", "1")] * self.as_typed + [("page", str(self.page))] * (self.page > 1)

    def address(self, **changes: Any) -> str:
        """Return the query string of this query with some of its parts changed, on its first page unless told."""
        return "?" + urlencode(replace(self, **{"page": 1} | changes).pairs())

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what a form that changes the order carries along."""
        return replace(self, page=1, sort="relevance").pairs()

    @property
    def typed_address(self) -> str:
        return self.address(as_typed=True)

    @property
    def widened_address(self) -> str:
        return self.address(as_typed=False)

    def narrowed(self, name: str, value: str) -> str:
        """Return the address of this query with one filter value set, others of that filter dropped."""
        return self.address(filters=self.filters | {name: (value,)})

    def without(self, name: str) -> str:
        """Return the address of this query with one filter taken off."""
        return self.address(filters={other: values for other, values in self.filters.items() if other != name})


def _rows(params: QueryDict) -> Iterator[tuple[str, str, str]]:
    yield "and", "any", params.get("q", "")
    fields, joins = params.getlist("field"), params.getlist("join")
    for number, words in enumerate(params.getlist("words")):
        name = fields[number] if number < len(fields) else "any"
        join = joins[number] if number < len(joins) else "and"
        yield join if join in JOINS else "and", name if name in FIELDS else "any", words
    for name in FIELDS:
        yield "and", name, params.get(name, "")


def _bounded(rows: list[tuple[str, str, str]]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Fold the rows, and cut what is too long or too much."""
    read: list[Row] = []
    notes: list[str] = []
    left = MOST_TERMS
    for join, name, words in rows:
        plain = unicodedata.normalize("NFKC", UNREAD.sub("", words[: 2 * LONGEST]))
        if len(plain) > LONGEST or len(words) > 2 * LONGEST:
            notes.append(
                _("検索することばは%(most)d文字までです。はじめの%(most)d文字で検索しました。") % {"most": LONGEST}
            )
        terms = tuple(Term.read(plain[:LONGEST], name))
        if len(terms) > left:
            notes.append(
                _("検索することばは%(most)d語までです。はじめの%(most)d語で検索しました。") % {"most": MOST_TERMS}
            )
        terms, left = terms[:left], max(0, left - len(terms))
        if terms:
            read.append(Row(terms, name, join))
    return tuple(read), tuple(dict.fromkeys(notes))
