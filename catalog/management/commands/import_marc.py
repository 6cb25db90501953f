"""Take MARC files into the catalogue: ``manage.py import_marc FILE…``."""

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.marc.files import marcxml
from catalog.marc.loading import outcome, run
from catalog.marc.loading.outcome import ImportOutcome
from catalog.models import ImportRun

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

    def handle(self, *args: Any, files: list[Path], encoding: str, report: Path | None, **options: Any) -> None:
        _require(files, encoding)
        refused_files = 0
        try:
            with run.only_import(), _opened(report) as written:
                for path in files:
                    refused_files += not self._import(path, encoding, written, dry_run=options["dry_run"])
        except run.AnotherImportRuns:
            raise CommandError("Another import is running.") from None
        if refused_files:
            raise CommandError(f"{refused_files} of {len(files)} files could not be imported.")

    def _import(self, path: Path, encoding: str, report: TextIO | None, *, dry_run: bool) -> bool:
        """Import one file; return False when nothing could be made of it."""
        try:
            this_run = _run_of(path, encoding, dry_run=dry_run)
        except OSError as error:
            return self._unread(path, report, f"ファイルを読めません（{error.strerror}）。")
        if this_run.records:
            self.stdout.write(f"{path.name}: going on behind record {this_run.records}.")
        shown: list[str] = []

        def told(outcomes: list[ImportOutcome]) -> None:
            lines = outcome.lines(path.name, outcomes)
            if report:
                report.writelines(f"{line}\n" for line in lines)
                report.flush()
            else:
                shown.extend(lines[: SHOWN - len(shown)])

        one = run.Import(path, this_run, dry_run=dry_run, told=told, progress=lambda at: self._progress(at, this_run))
        one.work(timezone.now)
        self._end_bar()
        self._summary(this_run, shown, dry_run=dry_run)
        if report and this_run.error:
            report.write(f"{path.name}\t\t\t\t取り込めません\t{this_run.error}\n")
        return this_run.state == ImportRun.State.DONE

    def _unread(self, path: Path, report: TextIO | None, reason: str) -> bool:
        if report:
            report.write(f"{path.name}\t\t\t\t取り込めません\t{reason}\n")
        self.stderr.write(f"{path.name}: {reason}")
        return False

    def _summary(self, this_run: ImportRun, shown: list[str], *, dry_run: bool) -> None:
        for line in shown:
            self.stdout.write(line)
        tried = " (dry run, nothing kept)" if dry_run else ""
        self.stdout.write(
            f"{this_run.name}: {this_run.records} records, {this_run.created} new, {this_run.changed} changed, "
            f"{this_run.unchanged} unchanged, {this_run.refused} refused, {this_run.noted} with notes{tried}."
        )
        if this_run.error:
            self.stderr.write(f"{this_run.name}: {this_run.error}")

    def _progress(self, position: int, this_run: ImportRun) -> None:
        """Draw a bar on a terminal; stay silent in a log."""
        if sys.stdout.isatty():
            width = 40 * position // max(this_run.bytes_total, 1)
            self.stdout.write(f"\r[{'#' * width:<40}] {this_run.records} records", ending="")
            self.stdout.flush()

    def _end_bar(self) -> None:
        if sys.stdout.isatty():
            self.stdout.write("")


def _require(files: list[Path], encoding: str) -> None:
    """Say before anything is done what cannot be done."""
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise CommandError(f"No such file: {', '.join(missing)}.")
    try:
        known = marcxml.reads_text(codecs.lookup(encoding or "utf-8").name)
    except LookupError:
        known = False
    if not known:
        raise CommandError(f"{encoding} is no encoding of text that Python knows.")


@contextmanager
def _opened(report: Path | None) -> Iterator[TextIO | None]:
    """Open the report for further lines, with its head when it is new; yield None when there is to be none."""
    if report is None:
        yield None
        return
    try:
        file = report.open("a", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report cannot be written to {report}: {error.strerror}.") from None
    with file:
        if not file.tell():
            file.write("\t".join(outcome.HEAD) + "\n")
        yield file


def _run_of(path: Path, encoding: str, *, dry_run: bool) -> ImportRun:
    """Return the run to go on with, or a new one."""
    fingerprint = run.fingerprint(path)
    interrupted = None if dry_run else ImportRun.objects.interrupted(fingerprint, encoding)
    return interrupted or ImportRun(name=path.name[:200], fingerprint=fingerprint, encoding=encoding)
