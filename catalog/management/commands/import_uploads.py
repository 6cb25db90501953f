"""Import what staff uploaded, from cron: ``manage.py import_uploads``."""

import logging
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.marc.loading import run
from catalog.models import ImportRun

logger = logging.getLogger(__name__)

LOST = "ファイルが見つかりません。もう一度アップロードしてください。"
DIED = "思わぬ誤りのため、{}件目までで止まりました。それまでの記録は取り込みました。システム担当に知らせてください。"


class Command(BaseCommand):
    help = "Import the MARC files uploaded in the admin, one after the other; does nothing while another import runs."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with run.only_import():
                while upload := ImportRun.objects.uploads_to_do().first():
                    self._import(upload)
        except run.AnotherImportRuns:
            return

    def _import(self, upload: ImportRun) -> None:
        """Import a file and delete it: its records are kept with their titles.

        Whatever it dies of ends this upload alone, and the log says where.
        """
        path = Path(upload.file.path)
        try:
            if path.is_file():
                run.Import(path, upload).work(timezone.now)
            else:
                upload.finish(timezone.now(), error=LOST)
                upload.save()
        except Exception:  # else it would be tried first every minute, and the uploads behind it never
            logger.exception("The upload %s could not be imported", upload.pk)
            upload.refresh_from_db()  # what is safe; where the database itself is gone, cron goes on later
            upload.finish(timezone.now(), error=DIED.format(upload.records))
            upload.save()
        self.stdout.write(f"{upload.name}: {upload.get_state_display()}, {upload.records} records")
        upload.file.delete(save=True)
