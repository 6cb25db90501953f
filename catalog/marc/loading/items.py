"""The copies of a batch: new ones are added, known ones follow their record in place and label, none is removed."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from catalog.copying import copy_in
from catalog.marc.files.problem import Problem
from catalog.marc.loading.prepare import Prepared
from catalog.models import Item, Title


class ItemLoad:
    """Knows the copies of a batch's titles, and those of other titles that bear one of its barcodes."""

    def __init__(self, batch: list[Prepared], titles: dict[tuple[str, str], Title], *, now: datetime) -> None:
        self.batch, self.now = batch, now
        barcodes = {copy.barcode for one in batch for copy in one.copies}
        self.known = {item.barcode: item for item in Item.objects.filter(barcode__in=barcodes)} if barcodes else {}
        self.labels: dict[int, list[str]] = defaultdict(list)
        kept = Item.objects.not_withdrawn().filter(title__in=[title.pk for title in titles.values()])
        for title_id, barcode, label in kept.values_list("title_id", "barcode", "call_number"):
            if barcode not in barcodes:
                self.labels[title_id].append(label)
        self.titles = titles

    def call_numbers(self, one: Prepared) -> list[str]:
        """Return the labels of all copies of a record's title, as they will be."""
        title = self.titles.get(one.key)
        return [copy.call_number for copy in one.copies] + (self.labels[title.pk] if title and title.pk else [])

    def write(self, titles: dict[tuple[str, str], Title]) -> None:
        """Write what the records list; a barcode of another title stays where it is and is reported."""
        made: dict[str, Item] = {}
        moved = []
        for one in self.batch:
            for copy in one.copies:
                title, item = titles[one.key], self.known.get(copy.barcode) or made.get(copy.barcode)
                if item is None:
                    made[copy.barcode] = item = Item(
                        title=title,
                        barcode=copy.barcode,
                        home_library_id=copy.library_id,
                        library_id=copy.library_id,
                        location=copy.location,
                        call_number=copy.call_number,
                        acquired_on=timezone.localdate(self.now),
                    )
                    item.call_number_key = item.call_number_sort_key()
                elif item.title_id != title.pk:
                    one.problems.append(Problem(f"資料番号 {copy.barcode} は別の書誌の所蔵です。"))
                elif (item.location, item.call_number) != (copy.location, copy.call_number):
                    # The desk alone says where a copy is and what it does; a record tells its place and label.
                    item.location, item.call_number = copy.location, copy.call_number
                    item.call_number_key = item.call_number_sort_key()
                    moved.append(item)
                if item.title_id == title.pk and item.home_library_id != copy.library_id:
                    one.problems.append(
                        Problem(f"資料番号 {copy.barcode} の所属館が記録と違います。記録では変えません。")
                    )
        copy_in(list(made.values()))
        Item.objects.bulk_update(moved, ("location", "call_number", "call_number_key"))
