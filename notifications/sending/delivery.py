"""One run of ``send_notices``: account mails first, then what is new, then what is to be tried again."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications.kinds import KINDS
from notifications.models import Mail
from notifications.run_facts import RunFacts
from notifications.sending import outbox
from notifications.sending.post import Broken, MailRefused, Post, ServerDown

BATCH = 20  # mails claimed at once
FAULTS_IN_A_ROW = 3  # so many mails breaking off one after another are the server's fault, not theirs
DATABASE_PATIENCE = (0.2, 0.5, 1, 2, 4, 8, 15)  # seconds between tries while the database is away

Given = ParamSpec("Given")
Found = TypeVar("Found")


@dataclass
class Tally:
    """What one run did, counted in mails, and why it ended early if it did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    closed: int = 0
    unwritten: int = 0
    ended: str = ""

    def __str__(self) -> str:
        words = f"sent {self.sent}, to be retried {self.retried}, failed {self.failed}, closed {self.closed}"
        words += f", could not be written {self.unwritten}" if self.unwritten else ""
        return f"{words}; {self.ended}" if self.ended else words


def patiently(ask: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs) -> Found:
    """Ask the database, again after a while when it is being restarted or busy; every question here may be repeated."""
    for seconds in DATABASE_PATIENCE:
        try:
            return ask(*args, **kwargs)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(seconds)
    return ask(*args, **kwargs)


@dataclass
class Delivery:
    """A run: ``stop`` is asked between two mails, ``progress`` is told how many are done and how many were found."""

    stop: Callable[[], bool] = lambda: False
    progress: Callable[[int, int], None] = lambda done, total: None
    clock: Callable[[], datetime] = timezone.now
    tally: Tally = field(default_factory=Tally)

    def run(self) -> Tally:
        """Collect, send, record; the tally says what became of it."""
        self.facts, self.post = RunFacts(), Post()
        self._doubted: list[tuple[Mail, str]] = []
        self._done = self._found = 0
        try:
            patiently(outbox.collect, self.clock(), self.facts)
            for batch in self._batches():
                self._send_all(batch)
                if self.tally.ended:
                    break
        finally:
            self.post.close()
        self._charge_doubted()
        return self.tally

    def _batches(self) -> Iterator[Sequence[Mail]]:
        """Yield claimed mails, a few at a time, until nothing is left."""
        passed_over: list[int] = []
        while (claimed := patiently(outbox.claim_request, self.clock(), self.facts, passed_over)) is not None:
            if isinstance(claimed, Mail):
                self._found += 1
                yield (claimed,)
            else:
                passed_over.append(claimed)
        self.tally.unwritten += len(passed_over)
        yield from self._again(account=True)
        for kind in KINDS:
            patrons = patiently(outbox.awaited, kind)
            self._found += len(patrons)
            for start in range(0, len(patrons), BATCH):
                chosen = patrons[start : start + BATCH]
                mails, unwritten = patiently(outbox.claim_notices, kind, chosen, self.clock(), self.facts)
                self.tally.unwritten += unwritten
                yield mails
        yield from self._again(account=False)

    def _again(self, *, account: bool) -> Iterator[Sequence[Mail]]:
        waiting = patiently(outbox.retries, self.clock(), account=account)
        self._found += len(waiting)
        for pk in waiting:
            if mail := patiently(outbox.claim_retry, pk, self.clock(), self.facts):
                yield (mail,)
            else:
                self.tally.closed += 1

    def _send_all(self, batch: Sequence[Mail]) -> None:
        """Send a batch, or give back what is left of it when the run has to end."""
        for number, mail in enumerate(batch):
            if self.stop():
                self.tally.ended = "stopped"
            if self.tally.ended:
                patiently(outbox.release, batch[number:])
                return
            if patiently(outbox.may_leave, mail, self.clock()):
                self._send(mail)
            else:
                self.tally.closed += 1
            self._done += 1
            self.progress(self._done, self._found)

    def _send(self, mail: Mail) -> None:
        try:
            self.post.deliver(mail, self.facts.policy)
        except ServerDown as error:
            patiently(outbox.record_server_fault, mail, str(error), self.clock())
            self.tally.retried += 1
            self._give_in(str(error))
        except Broken as error:
            self._doubted.append((mail, str(error)))
            if len(self._doubted) == FAULTS_IN_A_ROW:
                self._give_in(str(error))
        except MailRefused as error:
            self._charge_doubted()
            self._charge(mail, str(error), for_good=error.for_good)
        else:
            patiently(outbox.record_sent, mail, self.clock())
            self.tally.sent += 1
            self._charge_doubted()

    def _give_in(self, error: str) -> None:
        """End the run: the server is at fault, and no mail pays for it."""
        for mail, reason in self._doubted:
            patiently(outbox.record_server_fault, mail, reason, self.clock())
        self.tally.retried += len(self._doubted)
        self._doubted.clear()
        self.tally.ended = f"the mail server does not work ({error})"

    def _charge_doubted(self) -> None:
        """The server works, or nothing shows that it does not: what broke off counts as these mails' own attempt."""
        for mail, error in self._doubted:
            self._charge(mail, error, for_good=False)
        self._doubted.clear()

    def _charge(self, mail: Mail, error: str, *, for_good: bool) -> None:
        again = patiently(outbox.record_refused, mail, error, self.clock(), for_good=for_good)
        self.tally.retried += again
        self.tally.failed += not again
