"""Apply today's rules to the records as they came: ``manage.py remap_marc``."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalog.marc.files.parsed import RawRecord
from catalog.marc.loading import run
from catalog.marc.loading.load import Loader
from catalog.models import MarcRecord


class Command(BaseCommand):
    help = "Map the kept MARC records anew, after a rule or the portal has changed; writes only titles that differ."

    def handle(self, *args: Any, **options: Any) -> None:
        fates: Counter[str] = Counter()
        try:
            with run.only_import():
                total, last = MarcRecord.objects.count(), 0
                while kept := list(MarcRecord.objects.filter(pk__gt=last).order_by("pk")[: run.BATCH]):
                    last = kept[-1].pk
                    for encoding in {record.encoding for record in kept}:
                        loader = Loader(now=timezone.now(), encoding=encoding, again=True)
                        prepared = [
                            loader.preparer.prepare(RawRecord(one.pk, 0, bytes(one.data), one.form), source=one.agency)
                            for one in kept
                            if one.encoding == encoding
                        ]
                        with transaction.atomic():
                            outcomes = loader.write(prepared)
                        fates.update(str(outcome.fate) for outcome in outcomes)
                    if sys.stdout.isatty():
                        self.stdout.write(f"\r{sum(fates.values())}/{total}", ending="")
        except run.AnotherImportRuns:
            raise CommandError("An import is running.") from None
        self.stdout.write(
            f"{sum(fates.values())} records, {fates['changed']} titles changed, {fates['refused']} refused."
        )
