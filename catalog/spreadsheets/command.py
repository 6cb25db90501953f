"""The command behind ``import_items`` and ``import_patrons``: progress while it works, a report of every line."""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.spreadsheets.files import FileError
from catalog.spreadsheets.rows import WRONG, Importer, Line, run, safe

SHOWN_EVERY = 1_000


class CsvCommand(BaseCommand):
    """Import one file of any size; exits with 1 when a line was wrong, after all right ones have been written."""

    importer: type[Importer]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--report", type=Path, help="write what became of each line to this CSV file")
        parser.add_argument(
            "--empty-cells-erase", action="store_true", help="an empty cell empties; without this it leaves"
        )
        parser.add_argument(
            "--ignore", action="append", default=[], metavar="COLUMN", help="pass over this column; may be repeated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counted: Counter[str] = Counter()
        wishes = {name: options[name] for name in ("dry_run", "empty_cells_erase", "ignore")}
        with _report(options["report"]) as report:
            try:
                with options["file"].open("rb") as file:
                    for line in run(file, self.importer(), **wishes):
                        report(line)
                        self._show(line, counted)
            except (FileError, OSError) as wrong:
                report(Line(0, "", WRONG, str(wrong)))
                self._sum(counted)
                raise CommandError(str(wrong)) from wrong
        self._sum(counted)
        if counted[WRONG]:
            raise CommandError(f"{counted[WRONG]} lines were not taken")

    def _show(self, line: Line, counted: Counter[str]) -> None:
        counted[line.did] += 1
        if line.did == WRONG:
            self.stdout.write(f"{line.number}行 {line.name}: {line.problem}")
        if counted.total() % SHOWN_EVERY == 0:
            self.stdout.write(f"{counted.total():,} lines")

    def _sum(self, counted: Counter[str]) -> None:
        self.stdout.write("、".join(f"{did} {count}" for did, count in counted.items()) or "0")


@contextmanager
def _report(path: Path | None) -> Iterator[Any]:
    """Give what writes a line to the report at once, so that it is there whatever happens to the rest."""
    if path is None:
        yield lambda line: None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("行", "番号", "結果", "理由"))
        yield lambda line: writer.writerow(map(safe, (line.number or "", line.name, line.did, line.problem)))
