"""Claim, lease, record: what the database knows of a mail while it leaves the house (promise 12).

Locks: Patron → Reservation → Mail and Notice. Notices are grouped into mails under their Patron's row, and another run
skips patrons that are being claimed. Nothing is sent inside a transaction: a claim is a Mail row with a lease, written
before; the result is recorded after. A run that dies in between leaves a lease that ends by itself, and a later run
sends the same row again with the same Message-ID.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from notifications import letters
from notifications.kinds import KINDS
from notifications.letters import Letter
from notifications.models import Kind, Mail, Notice
from notifications.models.mail import LEASE, RETRIES
from notifications.run_facts import RunFacts
from patrons.account.mail import compose as compose_request
from patrons.account.mail import still_worth_sending
from patrons.models import MailRequest, Patron
from reservations.models import Reservation

logger = logging.getLogger(__name__)


def collect(now: datetime, facts: RunFacts) -> int:
    """Write a notice for whatever is due and has none yet; return how many."""
    awake = timezone.localtime(now).time() >= facts.rules.morning
    return sum(row.module.collect(now) for row in KINDS.values() if awake or row.at_any_hour)


@transaction.atomic
def claim_request(now: datetime, facts: RunFacts, passed_over: Iterable[int] = ()) -> Mail | int | None:
    """Turn the next account mail request into a leased mail; drop those of unknown accounts on the way (decision 2).

    Return None when there is none left, and the request's id when its letter could not be written.
    """
    unsent = MailRequest.objects.filter(sent_at=None).exclude(pk__in=passed_over)
    unsent.filter(Q(patron=None) | Q(address="")).delete()
    request = unsent.select_for_update(skip_locked=True, no_key=True).first()
    if request is None or request.patron_id is None:
        return None
    try:
        with transaction.atomic():
            subject, body = compose_request(request)
    except Exception:
        logger.exception("Account mail %s cannot be written", request.pk)
        return request.pk
    request.sent_at = now
    request.save(update_fields=("sent_at",))
    mail = _leased(Kind.ACCOUNT, request.patron_id, request.address, Letter(subject, body), now, facts)
    mail.request = request
    mail.save()
    return mail


def awaited(kind: str) -> list[int]:
    """Return the ids of patrons who have notices of a kind that stand in no mail yet."""
    pending = Notice.objects.filter(state=Notice.State.PENDING, mail=None, kind=kind)
    return list(pending.order_by("patron").values_list("patron", flat=True).distinct())


@transaction.atomic
def claim_notices(kind: str, patron_ids: list[int], now: datetime, facts: RunFacts) -> tuple[list[Mail], int]:
    """Group the pending notices of a kind into one leased mail a patron; patrons another run holds are skipped.

    Return the mails and how many could not be written.
    """
    locked = Patron.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=patron_ids).order_by("pk")
    patrons = {patron.pk: patron for patron in locked}
    pending = Notice.objects.filter(state=Notice.State.PENDING, mail=None, kind=kind, patron__in=patrons)
    notices = list(pending.order_by("id"))
    due = set(KINDS[kind].module.still_due(pending, now).values_list("pk", flat=True))
    over = [notice.pk for notice in notices if notice.pk not in due]
    if over:
        Notice.objects.filter(pk__in=over).update(state=Notice.State.VOID, found=None)
    groups: dict[int, list[Notice]] = {}
    for notice in notices:
        if notice.pk in due:
            groups.setdefault(notice.patron_id, []).append(notice)
    return _group(kind, [(patrons[pk], group) for pk, group in groups.items()], now, facts)


def _group(
    kind: str, groups: list[tuple[Patron, list[Notice]]], now: datetime, facts: RunFacts
) -> tuple[list[Mail], int]:
    """Write the mails of several patrons; who cannot be reached by mail is left to the counter."""
    mails, grouped, unwritten = [], [], 0
    for patron, notices in groups:
        if not patron.email or patron.email_failing_since:
            _give_up(Notice.objects.filter(pk__in=[notice.pk for notice in notices]), now)
            continue
        letter = _letter(kind, patron, notices, facts, now)
        if letter is None:
            unwritten += 1
            continue
        mail = _leased(kind, patron.pk, patron.email, letter, now, facts)
        mails.append(mail)
        for notice in notices:
            notice.mail = mail
        grouped += notices
    Mail.objects.bulk_create(mails)
    Notice.objects.bulk_update(grouped, ("mail",))
    return mails, unwritten


def _letter(kind: str, patron: Patron, notices: list[Notice], facts: RunFacts, now: datetime) -> Letter | None:
    """Write a letter; one that cannot be written is reported, and stops nobody else's."""
    try:
        with transaction.atomic():
            row = KINDS[kind]
            said = row.module.compose(patron, notices, facts, now)
            link = letters.unsubscribe_link(patron, kind) if row.can_be_stopped else ""
            return letters.write(kind, patron, facts, said, unsubscribe=link)
    except Exception:
        logger.exception("A letter cannot be written: kind %s, first notice %s", kind, notices[0].pk)
        return None


def _leased(kind: str, patron_id: int, address: str, letter: Letter, now: datetime, facts: RunFacts) -> Mail:
    domain = facts.policy.mail_from.rpartition("@")[2]
    return Mail(
        kind=kind,
        patron_id=patron_id,
        address=address,
        message_id=f"<{uuid.uuid4()}@{domain}>",
        date=now.replace(microsecond=0),
        subject=letter.subject,
        body=letter.body,
        unsubscribe=letter.unsubscribe,
        next_attempt_at=now,
        leased_until=now + LEASE,
    )


def retries(now: datetime, *, account: bool) -> list[int]:
    """Return the ids of mails whose time has come again and on which no run works, the longest waiting first."""
    of_accounts = Q(kind=Kind.ACCOUNT)
    free = Mail.objects.free(now).filter(of_accounts if account else ~of_accounts)
    return list(free.order_by("next_attempt_at", "id").values_list("pk", flat=True))


@transaction.atomic
def claim_retry(pk: int, now: datetime, facts: RunFacts) -> Mail | None:
    """Lease a mail again, None when another run did or it is needed no more (decision 16).

    It is needed while all that it tells is still due, in the same words, at the same address.
    """
    Patron.objects.select_for_update(no_key=True).filter(pk__in=Mail.objects.filter(pk=pk).values("patron")).first()
    if not Mail.objects.free(now).filter(pk=pk).update(leased_until=now + LEASE):
        return None
    mail = Mail.objects.select_related("patron", "request").get(pk=pk)
    if mail.request is not None:
        still_true = still_worth_sending(mail.request, now)
    elif mail.address != mail.patron.email or not _all_due(mail, now):
        still_true = False
    else:  # in the same words; one that cannot be written today was right when it was
        letter = _letter(mail.kind, mail.patron, list(mail.notices.order_by("id")), facts, mail.date)
        still_true = letter is None or letter.body == mail.body
    if still_true:
        return mail
    close_void(mail, now)
    return None


def may_leave(mail: Mail, now: datetime) -> bool:
    """Ask just before a mail is handed over: is it still ours, and still true?

    Renews the lease. When something in the mail is void by now, the mail is closed and the rest is set free.
    """
    if not Mail.objects.pending().filter(pk=mail.pk, leased_until=mail.leased_until).update(leased_until=now + LEASE):
        return False
    mail.leased_until = now + LEASE
    if mail.kind == Kind.ACCOUNT:
        return True
    if _all_due(mail, now):
        return True
    close_void(mail, now)
    return False


def _all_due(mail: Mail, now: datetime) -> bool:
    """Tell whether the mail has notices and every one of them is still due; one query."""
    due = KINDS[mail.kind].module.still_due(Notice.objects.filter(pk=OuterRef("pk")), now)
    flags = list(mail.notices.annotate(due=Exists(due)).values_list("due", flat=True))
    return bool(flags) and all(flags)


@transaction.atomic
def close_void(mail: Mail, now: datetime) -> None:
    """Close a mail that is not to be sent; notices in it that are still due wait for another."""
    if mail.kind != Kind.ACCOUNT:
        due = set(KINDS[mail.kind].module.still_due(mail.notices.all(), now).values_list("pk", flat=True))
        mail.notices.exclude(pk__in=due).update(state=Notice.State.VOID, found=None)
        mail.notices.filter(pk__in=due).update(mail=None)
    _close(mail, Mail.State.CLOSED, now)


def release(mails: Iterable[Mail]) -> None:
    """Give back the leases of mails that this run will not send."""
    for mail in mails:
        Mail.objects.pending().filter(pk=mail.pk, leased_until=mail.leased_until).update(leased_until=None)


@transaction.atomic
def record_sent(mail: Mail, now: datetime) -> None:
    """Write down that the server took the mail."""
    Notice.objects.filter(mail=mail, state=Notice.State.PENDING).update(state=Notice.State.SENT, found=None)
    _close(mail, Mail.State.SENT, now)


@transaction.atomic
def record_refused(mail: Mail, error: str, now: datetime, *, for_good: bool) -> bool:
    """Write down that a mail did not leave: try again later, or give up; return whether it will be tried again."""
    if not for_good and mail.attempts < len(RETRIES):
        Mail.objects.pending().filter(pk=mail.pk).update(
            attempts=F("attempts") + 1,
            next_attempt_at=now + RETRIES[mail.attempts],
            leased_until=None,
            last_error=error[:200],
        )
        return True
    Patron.objects.select_for_update(no_key=True).filter(pk=mail.patron_id).first()
    Patron.objects.filter(pk=mail.patron_id, email=mail.address).update(email_failing_since=now)
    _give_up(Notice.objects.filter(mail=mail, state=Notice.State.PENDING), now)
    _close(mail, Mail.State.FAILED, now, error)
    return False


def record_server_fault(mail: Mail, error: str, now: datetime) -> None:
    """Write down that the server failed, not this mail: it waits a minute, and no attempt is counted."""
    Mail.objects.pending().filter(pk=mail.pk).update(
        next_attempt_at=now + RETRIES[0], leased_until=None, last_error=error[:200]
    )


def _give_up(notices: QuerySet[Notice], now: datetime) -> None:
    """Leave it to the counter: the reservation appears on its contact list."""
    Reservation.objects.filter(notices__in=notices).update(contact_failed_at=now)
    notices.update(state=Notice.State.FAILED, found=None)


def _close(mail: Mail, state: str, now: datetime, error: str = "") -> None:
    ending = {"state": state, "closed_at": now, "leased_until": None, "body": "", "last_error": error[:200]}
    Mail.objects.pending().filter(pk=mail.pk).update(**ending)
