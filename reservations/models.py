"""Baskets, reservations and their order of arrival; every change of state leaves an event row.

Promises 3 to 6 and 8 of the house stand here as constraints; the verbs are in ``reservations.queue``.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Item, Library, MaterialType, Title
from catalog.models.item import servable_copies
from patrons.models import ContactMethod, Patron


class BasketEntry(models.Model):
    """A title in a patron's 「予約かご」; before login the basket is a signed cookie instead."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="basket", verbose_name="利用者")
    title = models.ForeignKey(Title, models.CASCADE, related_name="+", verbose_name="書誌")
    position = models.PositiveIntegerField("順番")
    added_at = models.DateTimeField("追加日時")

    class Meta:
        verbose_name = verbose_name_plural = "予約かご"
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("patron", "title"), name="a_title_is_once_in_a_basket"),)

    def __str__(self) -> str:
        return f"予約かご {self.pk}"


class VolumeOrder(models.Model):
    """「順番予約」: an order of arrival among a patron's own reservations (SPEC R5).

    Which member sleeps, and that one active member left is as good as none, is derived; nothing is renumbered.
    """

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="sequences", verbose_name="利用者")
    created_at = models.DateTimeField("作成")

    class Meta:
        db_table = "reservations_sequence"  # its first name, which code of an earlier release still asks for
        verbose_name = verbose_name_plural = "順番予約"

    def __str__(self) -> str:
        return f"順番予約 {self.pk}"


class State(models.TextChoices):
    """States of a reservation, in the patron's words (SPEC M2)."""

    WAITING = "waiting", _("予約中")
    IN_TRANSIT = "in_transit", _("配送中")
    READY = "ready", _("取置／貸出可")
    FULFILLED = "fulfilled", _("貸出済")
    CANCELLED = "cancelled", pgettext_lazy("state", "取消")
    EXPIRED = "expired", _("取置期限切れ")


HELD = (State.IN_TRANSIT, State.READY)
ACTIVE = (State.WAITING, *HELD)
CLOSED = (State.FULFILLED, State.CANCELLED, State.EXPIRED)


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Days (``on``) are dates in Asia/Tokyo; a reservation sleeps while ``on`` is before ``sleeps_until``."""

    def active(self) -> "ReservationQuerySet":
        """Narrow to 「予約中」, 「配送中」 and 「取置／貸出可」: what the limits count."""
        return self.filter(state__in=ACTIVE)

    def waiting(self) -> "ReservationQuerySet":
        """Narrow to 「予約中」, sleeping ones and those behind an earlier volume included: what blocks an extension."""
        return self.filter(state=State.WAITING)

    def held(self) -> "ReservationQuerySet":
        """Narrow to those for which a copy is trapped."""
        return self.filter(state__in=HELD)

    def eligible(self, on: date) -> "ReservationQuerySet":
        """Narrow to those a copy could serve today: waiting, awake, not behind an earlier volume (promises 2 and 8)."""
        return self.waiting().exclude(sleeps_until__gt=on).filter(~Exists(earlier_volumes()))

    def stranded(self) -> "ReservationQuerySet":
        """Narrow to 「予約中」 where no copy of the title can serve: 「渡せる資料がない予約」."""
        return self.waiting().filter(~Exists(servable_copies()))

    def in_queue_order(self) -> "ReservationQuerySet":
        """Sort by 受付順, which is the order of commits."""
        return self.order_by("title", "queue_number")

    def with_volume_state(self) -> "ReservationQuerySet":
        """Add ``behind_earlier_volume`` (one is still awaited) and ``volumes``, the active members of its sequence."""
        members = Reservation.objects.filter(sequence=OuterRef("sequence"), state__in=ACTIVE)
        count = members.order_by().values("sequence").annotate(n=Count("*")).values("n")
        return self.annotate(behind_earlier_volume=Exists(earlier_volumes()), volumes=Coalesce(Subquery(count), 0))

    def with_place(self, on: date) -> "ReservationQuerySet":
        """Add ``place``: 1 + how many before it in the title's queue could be served today (decision 21)."""
        earlier = {"title": OuterRef("title"), "queue_number__lt": OuterRef("queue_number")}
        before = Reservation.objects.eligible(on).filter(**earlier)
        count = before.order_by().values("title").annotate(n=Count("*")).values("n")
        return self.annotate(place=1 + Coalesce(Subquery(count), 0))

    def shown(self, on: date) -> "ReservationQuerySet":
        """Add what a page tells of a row; ``behind_stranded``: an earlier volume is awaited that no copy can serve."""
        told = {"can_be_served": Exists(servable_copies()), "behind_stranded": Exists(earlier_volumes().stranded())}
        rows = self.with_place(on).with_volume_state().annotate(**told)
        return rows.select_related("title__material_type", "pickup_library")

    def for_my_page(self, on: date) -> "ReservationQuerySet":
        """Return what 「予約している資料」 shows, in one query: ready first, then by the day of reserving."""
        order = models.Case(
            models.When(state=State.READY, then=0), models.When(state=State.IN_TRANSIT, then=1), default=2
        )
        return self.active().shown(on).order_by(order, F("collect_by").asc(nulls_last=True), "placed_at", "id")

    def lately_cancelled(self, on: date, days: int) -> "ReservationQuerySet":
        """Return 「取消済予約一覧」: cancelled or expired at most ``days`` days ago, that day included (SPEC M3)."""
        oldest = start_of_day(on - timedelta(days=days))
        ended = self.filter(state__in=(State.CANCELLED, State.EXPIRED), closed_at__gte=oldest)
        return ended.select_related("title__material_type", "pickup_library").order_by("-closed_at", "-id")


def earlier_volumes() -> "ReservationQuerySet":
    """Return, for an outer reservation, the volumes before it that are still awaited (SPEC R5)."""
    return Reservation.objects.filter(
        sequence=OuterRef("sequence"),
        sequence_position__lt=OuterRef("sequence_position"),
        state__in=(State.WAITING, State.IN_TRANSIT),
    )


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in Asia/Tokyo."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


class Reservation(models.Model):
    """A patron waits for a title; ``item`` is the copy trapped for it while it is in transit or ready.

    ``queue_number`` is the place of arrival (受付順) from the title's counter; only a queue that moves gets new ones.
    ``material_type``, ``audiovisual`` and ``pickup_hands_out_av`` repeat what title, type and library say; composite
    foreign keys keep them true, so that the limits and promise 5 can be constraints of this table.
    """

    class MadeAt(models.TextChoices):
        """Where the reservation was made, which decides the contact methods it may keep (SPEC R2)."""

        WEB = "web", _("インターネット")
        TERMINAL = "terminal", _("館内利用者検索機")
        COUNTER = "counter", _("カウンター")

    class ClosedBy(models.TextChoices):
        """Who ended it: shown in 「取消済予約一覧」."""

        PATRON = "patron", _("利用者")
        LIBRARY = "library", _("図書館")

    patron = models.ForeignKey(Patron, models.PROTECT, related_name="reservations", verbose_name="利用者")
    title = models.ForeignKey(Title, models.PROTECT, related_name="reservations", verbose_name="書誌")
    material_type = models.ForeignKey(MaterialType, models.PROTECT, related_name="+", verbose_name="資料種別")
    audiovisual = models.BooleanField("視聴覚資料")
    pickup_library = models.ForeignKey(Library, models.PROTECT, related_name="pickups", verbose_name="受取館")
    pickup_hands_out_av = models.BooleanField("受取館はCD・DVD・ビデオを渡せる")
    contact_method = models.CharField("連絡方法", max_length=20, choices=ContactMethod.choices)
    made_at = models.CharField("受付", max_length=10, choices=MadeAt.choices)
    queue_number = models.PositiveIntegerField("受付順")
    placed_at = models.DateTimeField("予約日時")
    submission = models.UUIDField("送信", null=True, blank=True, help_text="同じ送信のくり返しを見分けます。")
    state = models.CharField("状態", max_length=12, choices=State.choices, default=State.WAITING)
    sleeps_until = models.DateField("お休み", null=True, blank=True, help_text="この日の前日まで順番をとばします。")
    sequence = models.ForeignKey(
        VolumeOrder, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name="順番予約"
    )
    sequence_position = models.PositiveSmallIntegerField("届く順", null=True, blank=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="reservations", verbose_name="資料"
    )
    ready_at = models.DateTimeField("準備完了", null=True, blank=True)
    collect_by = models.DateField("取置期限", null=True, blank=True)
    contact_failed_at = models.DateTimeField("連絡不能", null=True, blank=True)
    contacted_at = models.DateTimeField("連絡済", null=True, blank=True)
    closed_at = models.DateTimeField("終了", null=True, blank=True)
    closed_by = models.CharField("終了者", max_length=10, choices=ClosedBy.choices, blank=True)
    close_reason = models.CharField("理由", max_length=200, blank=True)

    # What ``shown`` adds to the rows it reads, and the page of the cancelled.
    place: int
    behind_earlier_volume: bool
    volumes: int
    can_be_served: bool
    behind_stranded: bool
    returnable: bool

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "予約"
        ordering = ("placed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("patron", "title"),
                condition=Q(state__in=("waiting", "in_transit", "ready")),
                name="one_open_reservation_per_patron_and_title",
            ),
            models.UniqueConstraint(fields=("item",), name="one_held_reservation_per_item"),
            models.UniqueConstraint(fields=("title", "queue_number"), name="one_place_per_queue_number"),
            models.UniqueConstraint(fields=("patron", "title", "submission"), name="a_submission_places_a_title_once"),
            models.UniqueConstraint(fields=("sequence", "sequence_position"), name="one_volume_per_sequence_position"),
            models.CheckConstraint(
                condition=Q(state__in=("in_transit", "ready"), item__isnull=False)
                | Q(state__in=("waiting", "fulfilled", "cancelled", "expired"), item=None),
                name="held_means_a_copy_is_trapped",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(collect_by__isnull=False, ready_at__isnull=False),
                name="ready_has_a_shelf_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "in_transit", "ready"), closed_at=None)
                | Q(state__in=("fulfilled", "cancelled", "expired"), closed_at__isnull=False),
                name="closed_means_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(sequence=None) | Q(sequence_position__isnull=False), name="a_volume_has_its_position"
            ),
            models.CheckConstraint(
                condition=~Q(made_at="web") | Q(contact_method__in=ContactMethod.on_web()),
                name="web_reservations_are_told_by_mail",
            ),
            models.CheckConstraint(
                condition=Q(contact_method__in=ContactMethod.values), name="contact_method_is_known"
            ),
            models.CheckConstraint(condition=Q(made_at__in=("web", "terminal", "counter")), name="made_at_is_known"),
            models.CheckConstraint(
                condition=Q(audiovisual=False)
                | Q(pickup_hands_out_av=True)
                | Q(state__in=("fulfilled", "cancelled", "expired")),
                name="audiovisual_is_collected_where_it_is_handed_out",
            ),
        )
        indexes = (
            models.Index(fields=("title", "queue_number"), condition=Q(state="waiting"), name="reservation_queue"),
            models.Index(fields=("patron", "state"), name="reservation_of_patron"),
            models.Index(fields=("pickup_library", "collect_by"), condition=Q(state="ready"), name="hold_shelf"),
        )

    def __str__(self) -> str:
        return f"予約 {self.pk}"

    @property
    def held(self) -> bool:
        """Tell whether a copy is trapped: 「配送中」 or 「取置／貸出可」, unchangeable by the patron (SPEC M2)."""
        return self.state in HELD

    def collect_at(self, library: Library) -> None:
        """Set the 受取館 and what the database repeats of it; the caller saves."""
        self.pickup_library, self.pickup_hands_out_av = library, library.hands_out_av

    def tell_by(self, method: str, *, made_at: str) -> None:
        """Set the 連絡方法; a method the web does not offer makes it count as made where it was chosen (SPEC R2)."""
        if method != self.contact_method and method not in ContactMethod.on_web():
            self.made_at = made_at
        self.contact_method = method

    @property
    def number_to_call(self) -> str:
        """Return the patron's number at which staff tell that it is ready (SPEC D5)."""
        return self.patron.number_for(self.contact_method)

    def asleep(self, on: date) -> bool:
        """Tell whether it is skipped on a day because the patron paused it."""
        return self.state == State.WAITING and self.sleeps_until is not None and on < self.sleeps_until


class ReservationEvent(models.Model):
    """One change of state: when, from what to what, by whom, why. Deleted with its reservation."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="events", verbose_name="予約")
    at = models.DateTimeField("日時")
    moved_from = models.CharField("前の状態", max_length=12, choices=State.choices, blank=True)
    moved_to = models.CharField("後の状態", max_length=12, choices=State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="操作者"
    )
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "予約の記録"
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"
