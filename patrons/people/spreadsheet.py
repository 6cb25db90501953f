"""Patrons by spreadsheet (SPEC D8): known by card number.

No mail address is taken from a file: it counts once confirmed.
"""

import re

from django.db.models import Min
from django.db.models.functions import Length
from django.utils import timezone, translation

from catalog.models import Library
from catalog.spreadsheets.cells import RowError, fitting, narrow, read_day, refuse_bent, with_zeros
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED
from patrons.models import AccountPolicy, ContactMethod, Patron, User
from patrons.people.card import readings_of_card
from patrons.people.telephone import has_area_code, is_written_in_digits, read_telephone

LONGEST_CARD = 20
CARD = re.compile(r"[0-9]{4,20}")
POSTAL_CODE = re.compile(r"〒?\s*([0-9]{3})[\-‐-―−ー]?([0-9]{4})")
EARLIEST_YEAR = 1900
NUMBERS = {"telephone": "電話番号", "fax": "FAX番号"}
TEXTS = (("氏名", "name"), ("フリガナ", "name_reading"), ("住所", "address"))


class PatronImporter:
    """Register patrons and correct their contact data; a new one logs in with the initial password (SPEC P1)."""

    columns: tuple[str, ...] = (
        "カード番号",
        "氏名",
        "フリガナ",
        "生年月日",
        "電話番号",
        "FAX番号",
        "郵便番号",
        "住所",
        "受取館",
        "連絡方法",
        "登録日",
    )
    required: tuple[str, ...] = ("カード番号", "氏名", "生年月日")

    def __init__(self) -> None:
        self._libraries = {name: one for one in Library.objects.all() for name in (one.code, one.name, one.short_name)}
        self._policy = AccountPolicy.current()
        self._shortest = Patron.objects.aggregate(shortest=Min(Length("card_number")))["shortest"] or 0
        with translation.override("ja"):  # the words of the file, whatever language the page has
            self._methods = {str(label): value for value, label in ContactMethod.choices}

    def number(self, cell: str) -> str:
        """Read a card's number as cards show it; what may be another's is refused."""
        refuse_bent(cell, "カード番号")
        readings = readings_of_card(cell, self._policy)
        if not readings:
            raise RowError(f"カード番号「{cell}」のチェックデジットが合いません。")
        zeros = [other for number in readings for other in with_zeros(number, LONGEST_CARD)]
        cards = Patron.objects.filter(card_number__in=[*readings, *zeros]).values_list("card_number", flat=True)
        known = set(cards)
        if len(found := known & set(readings)) == 1:
            return found.pop()
        if len(readings) > 1:
            raise RowError(f"カード番号「{cell}」の最後の数字が、番号かチェックデジットか分かりません。")
        (number,) = readings
        if not CARD.fullmatch(number):
            raise RowError(f"カード番号は4〜{LONGEST_CARD}けたの数字です（{cell}）。")
        if known:
            raise RowError(
                f"カード番号「{cell}」は、先頭の0が違う{'、'.join(sorted(known))}があります。0が消えていませんか。"
            )
        if len(number) < self._shortest:
            raise RowError(
                f"カード番号「{cell}」は、登録ずみのどの番号（{self._shortest}けたから）よりも短い番号です。"
                "先頭の0が消えていませんか。"
            )
        return number

    def write(self, row: dict[str, str]) -> str:
        number, fields = row["カード番号"], self._fields(row)
        patron = Patron.objects.select_related("user").filter(card_number=number).first()
        if patron is None:
            fields = {"registered_on": timezone.localdate()} | fields
            user = User.objects.create_user(number, None, name=fields["name"])
            patron = Patron(user=user, card_number=number, **fields)
            _refuse_contradictions(patron)
            patron.full_clean()
            patron.save()
            return CREATED
        changed = [name for name, value in fields.items() if getattr(patron, name) != value]
        if not changed:
            return UNCHANGED
        for name in changed:
            setattr(patron, name, fields[name])
        _refuse_contradictions(patron)
        patron.full_clean()
        patron.save(update_fields=changed)
        if "name" in changed:
            patron.user.name = patron.name
            patron.user.save(update_fields=("name",))
        return UPDATED

    def _fields(self, row: dict[str, str]) -> dict:
        """Return what the row says of a patron, by column of the table."""
        row = row | ({"フリガナ": narrow(row["フリガナ"])} if "フリガナ" in row else {})
        fields: dict = {name: fitting(row[column], column, Patron, name) for column, name in TEXTS if column in row}
        fields["birth_date"] = read_day(row["生年月日"], "生年月日", earliest=EARLIEST_YEAR)
        for name, column in NUMBERS.items():
            if column in row:
                fields[name] = _telephone(row[column], column)
        if "郵便番号" in row:
            fields["postal_code"] = _postal_code(row["郵便番号"])
        if "受取館" in row:
            if row["受取館"] and row["受取館"] not in self._libraries:
                raise RowError(f"受取館「{row['受取館']}」は登録されていません。")
            fields["pickup_library"] = self._libraries.get(row["受取館"])
        if "連絡方法" in row:
            if row["連絡方法"] and row["連絡方法"] not in self._methods:
                raise RowError(f"連絡方法は{'、'.join(self._methods)}のどれかです（{row['連絡方法']}）。")
            fields["contact_method"] = self._methods.get(row["連絡方法"], ContactMethod.NONE)
        if registered := read_day(row.get("登録日", ""), "登録日", earliest=EARLIEST_YEAR):
            fields["registered_on"] = registered
        return fields


def _refuse_contradictions(patron: Patron) -> None:
    """Refuse a way of telling without its number, as the form does, and a registration before the birthday.

    An address is not asked for: no file brings one.
    """
    needs = ContactMethod(patron.contact_method).facts.needs
    if needs in NUMBERS and not getattr(patron, needs):
        raise RowError(f"連絡方法が「{patron.get_contact_method_display()}」なら、{NUMBERS[needs]}が要ります。")
    if patron.registered_on < patron.birth_date:
        raise RowError("登録日が生年月日より前です。")


def _telephone(cell: str, column: str) -> str:
    refuse_bent(cell, column)
    number = read_telephone(cell)
    if cell and not is_written_in_digits(number):
        raise RowError(f"{column}は数字とハイフンで入れてください（{cell}）。")
    if cell and not has_area_code(number):
        raise RowError(f"{column}は市外局番から入れてください。先頭の0も確かめてください（{cell}）。")
    return number


def _postal_code(cell: str) -> str:
    found = POSTAL_CODE.fullmatch(narrow(cell))
    if cell and not found:
        raise RowError(f"郵便番号は「700-0000」の形で入れてください（{cell}）。")
    return "-".join(found.groups()) if found else ""
