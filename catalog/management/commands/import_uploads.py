"""Import what staff uploaded, from cron: ``manage.py import_uploads``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.marc import run
from catalog.models import ImportRun


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
        """Import a file and delete it: its records are kept with their titles."""
        path = Path(upload.file.path)
        if path.is_file():
            run.Import(path, upload).work(timezone.now)
        else:
            upload.finish(timezone.now(), error="ファイルが見つかりません。もう一度アップロードしてください。")
            upload.save()
        self.stdout.write(f"{upload.name}: {upload.get_state_display()}, {upload.records} records")
        upload.file.delete(save=True)
