"""The command behind ``import_items`` and ``import_patrons``: progress while it works, a report at the end."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.spreadsheets.rows import WRONG, FileError, Importer, Line, csv_file, run

SHOWN_EVERY = 1_000


class CsvCommand(BaseCommand):
    """Import one CSV file; exits with 1 when a line was wrong, after all right ones have been written."""

    importer: type[Importer]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--report", type=Path, help="write what became of each line to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        lines: list[Line] = []
        try:
            for line in run(options["file"].read_bytes(), self.importer(), dry_run=options["dry_run"]):
                lines.append(line)
                if line.did == WRONG:
                    self.stdout.write(f"{line.number}行 {line.name}: {line.problem}")
                if len(lines) % SHOWN_EVERY == 0:
                    self.stdout.write(f"{len(lines):,} lines")
        except (FileError, OSError) as wrong:
            raise CommandError(str(wrong)) from wrong
        counted = Counter(line.did for line in lines)
        self.stdout.write("、".join(f"{did} {count}" for did, count in counted.items()) or "0")
        if options["report"]:
            rows = ((line.number, line.name, line.did, line.problem) for line in lines)
            options["report"].write_bytes(csv_file(("行", "番号", "結果", "理由"), rows))
        if counted[WRONG]:
            raise CommandError(f"{counted[WRONG]} lines were not taken")
