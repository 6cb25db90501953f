"""Write the catalogue into files that anybody may take."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.machines.dump import dump


class Command(BaseCommand):
    help = "Write the whole catalogue as JSON Lines and MARCXML into a folder (nightly, from cron)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        self.stdout.write(f"{dump(folder)} titles written to {folder}.")
