"""The number of a card, as people type it and as 「デジタル利用者カード」 shows it: QR and NW-7 (Codabar), SPEC M6.

Symbols are drawn as SVG paths and measured in modules. Quiet zones belong to them, so that they can stand anywhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from barcode.codabar import CODABAR
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from patrons.models import AccountPolicy

NARROW, WIDE = 2, 5  # units; scanners want 1 : 2 to 1 : 3
BAR_HEIGHT = 96  # units
QUIET_NW7 = 10 * NARROW
QUIET_QR = 4  # modules
_VALUES = "0123456789-$:/.+ABCD"
_FRAME = re.compile(r"[A-D]([0-9]+[0-9$:/.+]?)[A-D]")
_ONE_APART = re.compile(r"[0-9]{4,}[\-‐-―−ー][0-9]$")
_SEPARATORS = re.compile(r"[\s\-‐-―−ー]")


def read_card_number(typed: str) -> str:
    """Return what was typed in half width without spaces and hyphens (SPEC P1); «０１２-34567» → «01234567».

    Leading zeros count. Anything that is no digit stays, so that the caller can tell that it is no number.
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))


def readings_of_card(printed: str, policy: AccountPolicy) -> list[str]:
    """Return the numbers that may be meant by what stands on a card, none when its check digit is wrong.

    «a30000004a» has the letters of NW-7 around it; «30000004-7» may end in a check digit, if the library has one, or
    in a digit of the number.
    """
    number = read_card_number(printed).strip("*").upper()
    framed = _FRAME.fullmatch(number)
    number = framed[1] if framed else number
    apart = _ONE_APART.search(unicodedata.normalize("NFKC", printed).strip())
    shorter, last = number[:-1], number[-1:]
    if not shorter.isdecimal() or not (framed or apart):
        return [number]
    if policy.card_check_digit == AccountPolicy.CheckDigit.NONE:
        return [shorter, number] if apart else [number]
    if check_digit(shorter, policy) == last:
        return [shorter]
    return [] if apart else [number]


@dataclass(frozen=True)
class Symbol:
    """A picture of ``width`` × ``height`` units whose dark parts are the SVG path ``path``."""

    width: int
    height: int
    path: str


def qr(number: str) -> Symbol:
    """Draw the number as it is."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_QR)
    code.add_data(number)
    rows = code.get_matrix()
    return Symbol(len(rows), len(rows), "".join(_bars(row, top=y, height=1, left=0) for y, row in enumerate(rows)))


def nw7(number: str, policy: AccountPolicy) -> Symbol:
    """Draw the number between the library's start and stop letters, with its check digit if it uses one."""
    (modules,) = CODABAR(text_of_nw7(number, policy), narrow=NARROW, wide=WIDE).build()
    path = _bars([module == "1" for module in modules], top=0, height=BAR_HEIGHT, left=QUIET_NW7)
    return Symbol(len(modules) + 2 * QUIET_NW7, BAR_HEIGHT, path)


def text_of_nw7(number: str, policy: AccountPolicy) -> str:
    """Return what a scanner reads: start letter, number, check digit, stop letter."""
    check = check_digit(number, policy)
    return f"{policy.card_start}{number}{check}{policy.card_stop}"


def check_digit(number: str, policy: AccountPolicy) -> str:
    """Return the check digit of the library's kind, "" when it uses none."""
    kind = AccountPolicy.CheckDigit(policy.card_check_digit)
    if kind == AccountPolicy.CheckDigit.MODULUS_16:
        total = sum(map(_VALUES.index, f"{policy.card_start}{number}{policy.card_stop}"))
        return _VALUES[-total % 16]
    if kind == AccountPolicy.CheckDigit.SEVEN_DR:
        return str(int(number) % 7)
    if kind == AccountPolicy.CheckDigit.LUHN:
        doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number)))
        return str(-sum(sum(divmod(value, 10)) for value in doubled) % 10)
    return ""


def _bars(modules: list[bool], *, top: int, height: int, left: int) -> str:
    """Return the path of a row of modules: one rectangle for each run of dark ones."""
    path, x = "", left
    for dark, run in groupby(modules):
        width = len(list(run))
        if dark:
            path += f"M{x} {top}h{width}v{height}h-{width}z"
        x += width
    return path
