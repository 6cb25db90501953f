"""Names of the classes of the Nippon Decimal Classification, ninth edition, from 類 to 目.

``ndc.tsv`` is made from NDC-LD (日本図書館協会分類委員会, CC BY) by::

    python -m catalog.bibliography.ndc ndc9.zip > catalog/bibliography/ndc.tsv
"""

import re
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy, gettext_noop

TABLE = Path(__file__).with_name("ndc.tsv")
CREDIT = gettext_lazy("分類の名称：日本図書館協会分類委員会「NDC-LD」（日本十進分類法新訂9版、CC BY）による")
HEAD = "# Class of the NDC (9th edition), its name. Source: NDC-LD, 日本図書館協会分類委員会, CC BY; shortened here.\n"
# The ten 類, which every language of the pages can say.
MAIN_NAMES = (
    gettext_noop("総記"),
    gettext_noop("哲学"),
    gettext_noop("歴史"),
    gettext_noop("社会科学"),
    gettext_noop("自然科学"),
    gettext_noop("技術．工学"),
    gettext_noop("産業"),
    gettext_noop("芸術．美術"),
    gettext_noop("言語"),
    gettext_noop("文学"),
)
ENTRY = re.compile(
    r'^ndc9:([0-9]{1,3}) a .*?skos:prefLabel "([^"]+)"@ja.*?skos:notation "\1"', re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class NdcClass:
    """One class: its number (one to three digits) and its name."""

    number: str
    name: str

    @property
    def path(self) -> list["NdcClass"]:
        """Return the classes above it, from the 類 down."""
        return [found for length in range(1, len(self.number)) if (found := ndc_class(self.number[:length]))]

    @property
    def below(self) -> list["NdcClass"]:
        length = len(self.number) + 1
        return [NdcClass(n, name) for n, name in _names().items() if len(n) == length and n[:-1] == self.number]


def ndc_class(number: str) -> NdcClass | None:
    """Return the class that a 分類 stands in (913.6 → 913 小説．物語), None when there is none of that number."""
    digits = number.partition(".")[0]
    return NdcClass(digits, _names()[digits]) if digits in _names() else None


def main_classes() -> list[NdcClass]:
    """Return the ten 類."""
    return [NdcClass(number, name) for number, name in _names().items() if len(number) == 1]


@cache
def _names() -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as archive:
        turtle = archive.read("ndc9.ttl").decode()
    sys.stdout.write(HEAD)
    for entry in turtle.split("\n.\n"):
        if found := ENTRY.search(entry):
            sys.stdout.write(f"{found[1]}\t{found[2]}\n")
