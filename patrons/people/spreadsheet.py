"""Patrons by CSV (SPEC D8): known by card number. No mail address is taken from a file: it counts once confirmed."""

from django.utils import timezone, translation

from catalog.models import Library
from catalog.spreadsheets.items import read_day
from catalog.spreadsheets.rows import CREATED, UNCHANGED, UPDATED, RowError
from patrons.models import ContactMethod, Patron, User
from patrons.people.card import read_card_number


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

    def write(self, row: dict[str, str]) -> str:
        number = read_card_number(row["カード番号"])
        fields = self._fields(row)
        patron = Patron.objects.filter(card_number=number).first()
        if patron is None:
            user = User.objects.create_user(number, None, name=row["氏名"])
            registered = read_day(row["登録日"], "登録日") or timezone.localdate()
            patron = Patron(user=user, card_number=number, registered_on=registered, **fields)
            patron.full_clean()
            patron.save()
            return CREATED
        changed = [name for name, value in fields.items() if getattr(patron, name) != value]
        if not changed:
            return UNCHANGED
        for name in changed:
            setattr(patron, name, fields[name])
        patron.full_clean()
        patron.save(update_fields=changed)
        return UPDATED

    def _fields(self, row: dict[str, str]) -> dict:
        if row["受取館"] and row["受取館"] not in self._libraries:
            raise RowError(f"受取館「{row['受取館']}」は登録されていません。")
        with translation.override("ja"):  # the words of the file, whatever language the page has
            methods = {str(label): value for value, label in ContactMethod.choices}
        if row["連絡方法"] and row["連絡方法"] not in methods:
            raise RowError(f"連絡方法は{'、'.join(methods)}のどれかです（{row['連絡方法']}）。")
        return {
            "name": row["氏名"],
            "name_reading": row["フリガナ"],
            "birth_date": read_day(row["生年月日"], "生年月日"),
            "telephone": row["電話番号"],
            "fax": row["FAX番号"],
            "postal_code": row["郵便番号"],
            "address": row["住所"],
            "pickup_library": self._libraries.get(row["受取館"]),
            "contact_method": methods.get(row["連絡方法"], ContactMethod.NONE),
        }
