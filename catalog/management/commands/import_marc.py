"""Take MARC files into the catalogue: ``manage.py import_marc FILE…``."""

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.marc.files import marcxml
from catalog.marc.loading import outcome, run
from catalog.marc.loading.outcome import ImportOutcome
from catalog.models import ImportRun

HOW = ("dry_run", "source")
SHOWN = 20  # lines on the screen when there is no report file


class Command(BaseCommand):
    help = (
        "Take MARC 21 records (ISO 2709 or MARCXML, plain, gzip or zip) into the catalogue. May be repeated: a record "
        "that has not changed is not written again. An interrupted import goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="try everything and keep nothing")
        parser.add_argument("--report", type=Path, help="write a line per record refused or to be looked at")
        parser.add_argument("--encoding", default="", help="a Python codec, for files that are not UTF-8 or MARC-8")
        parser.add_argument("--source", default="", metavar="NAME", help="the agency of records that name none (003)")

    def handle(self, *args: Any, files: list[Path], encoding: str, report: Path | None, **options: Any) -> None:
        if missing := [str(path) for path in files if not path.is_file()]:
            raise CommandError(f"No such file: {', '.join(missing)}.")
        try:
            known = marcxml.reads_text(codecs.lookup(encoding or "utf-8").name)
        except LookupError:
            known = False
        if not known:
            raise CommandError(f"{encoding} is no encoding of text that Python knows.")
        refused_files = 0
        try:
            with run.only_import(), Report.opened(report) as told:
                for path in files:
                    if reason := self._import(path, encoding, told, **{name: options[name] for name in HOW}):
                        told.refuse(path.name, reason)
                        self.stderr.write(f"{path.name}: {reason}")
                        refused_files += 1
        except run.AnotherImportRuns:
            raise CommandError("Another import is running.") from None
        if refused_files:
            raise CommandError(f"{refused_files} of {len(files)} files could not be imported.")

    def _import(self, path: Path, encoding: str, report: "Report", *, dry_run: bool, source: str) -> str:
        """Import one file, or go on with it; return why nothing could be made of it, "" when something was."""
        try:
            fingerprint = run.fingerprint(path, source)
        except OSError as error:
            return f"ファイルを読めません（{error.strerror}）。"
        interrupted = None if dry_run else ImportRun.objects.interrupted(fingerprint, encoding)
        this_run = interrupted or ImportRun(name=path.name[:200], fingerprint=fingerprint, encoding=encoding)
        if this_run.records:
            self.stdout.write(f"{path.name}: going on behind record {this_run.records}.")

        def draw(position: int) -> None:
            if sys.stdout.isatty():
                width = 40 * position // max(this_run.bytes_total, 1)
                self.stdout.write(f"\r[{'#' * width:<40}] {this_run.records} records", ending="")
                self.stdout.flush()

        told = partial(report.tell, path.name)
        run.Import(path, this_run, dry_run=dry_run, source=source, told=told, progress=draw).work(timezone.now)
        if sys.stdout.isatty():
            self.stdout.write("")  # the end of the bar
        for line in report.to_show():
            self.stdout.write(line)
        tried = " (dry run, nothing kept)" if dry_run else ""
        self.stdout.write(
            f"{this_run.name}: {this_run.records} records, {this_run.created} new, {this_run.changed} changed, "
            f"{this_run.unchanged} unchanged, {this_run.refused} refused, {this_run.noted} with notes{tried}."
        )
        return this_run.error


@dataclass
class Report:
    """Where it is told what became of records: in a file, or of each file the first lines on the screen."""

    file: TextIO | None
    shown: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, path: Path | None) -> "Iterator[Report]":
        """Open a file for further lines, with its head when it is new; without a path there is none."""
        if path is None:
            yield cls(None)
            return
        try:
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The report cannot be written to {path}: {error.strerror}.") from None
        with file:
            if not file.tell():
                file.write("\t".join(outcome.HEAD) + "\n")
            yield cls(file)

    def tell(self, name: str, outcomes: list[ImportOutcome]) -> None:
        """Write the lines of a batch of a file's records; they are there when the next batch begins."""
        lines = outcome.lines(name, outcomes)
        if self.file:
            self.file.writelines(f"{line}\n" for line in lines)
            self.file.flush()
        else:
            self.shown += lines[: SHOWN - len(self.shown)]

    def refuse(self, name: str, reason: str) -> None:
        """Write the line of a file that could not be imported."""
        if self.file:
            self.file.write(f"{name}\t\t\t\t取り込めません\t{reason}\n")

    def to_show(self) -> list[str]:
        """Return the lines for the screen, once."""
        lines, self.shown = self.shown, []
        return lines
