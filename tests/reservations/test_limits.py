"""Each rule with its sentence; all refusals at once."""

from datetime import date

import pytest

from catalog.models import LimitGroup, Title
from opac.faces.face import WEB
from reservations import limits
from reservations.limits import COUNTER, Copies, PatronSituation
from reservations.wish import Wish
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db

ONE = Copies(not_withdrawn=1, lendable=1, servable=1)
DUE = date(2026, 11, 30)


def rules(title, **changed) -> list[str]:
    return [refusal.rule for refusal in answers(title, **changed)]


def answers(title, **changed) -> list[limits.Refusal]:
    wish = Wish(
        changed.pop("pickup_library", None) or build.library(),
        changed.pop("contact_method", "none"),
        changed.pop("face", WEB),
    )
    return limits.refusals(
        title,
        patron=changed.pop("patron", None) or build.patron(),
        situation=changed.pop("situation", PatronSituation()),
        copies=changed.pop("copies", ONE),
        wish=wish,
        **changed,
    )


def group_of(title: Title) -> int:
    return sure(title.material_type.limit_group_id)


def test_a_book_may_be_reserved():
    assert answers(build.title()) == []


@pytest.mark.parametrize(
    ("code", "counted", "refused"),
    [("book", 99, []), ("magazine", 99, []), ("spoken_cd", 99, [])]
    + [(code, 9, []) for code in ("cd", "dvd", "video")]
    + [(code, 10, ["limit"]) for code in ("cd", "dvd", "video")],
)
def test_the_limit_of_a_material_type(code: str, counted: int, refused: list[str]):
    title = build.title(code=code)
    situation = PatronSituation(active_per_group={group.pk: counted for group in LimitGroup.objects.all()})
    assert rules(title, situation=situation) == refused


def test_dvd_and_video_share_a_limit():
    dvd, video = build.title(code="dvd"), build.title(code="video")
    situation = PatronSituation(active_per_group={group_of(dvd): 9}).plus(dvd)
    [refusal] = answers(video, situation=situation)
    assert refusal.sentence.startswith("DVD・ビデオの予約はあわせて10点までです。")


def test_a_full_limit_says_when_one_is_over():
    title = build.title(code="cd")
    group = group_of(title)
    [refusal] = answers(title, situation=PatronSituation(active_per_group={group: 10}, group_frees_on={group: DUE}))
    assert (refusal.changes_on, "2026年11月30日（月）" in refusal.sentence) == (DUE, True)


def test_no_audiovisual_material_where_it_is_not_handed_out():
    ishima = build.library("伊島図書館", hands_out_av=False)
    codes = ("book", "magazine", "cd", "spoken_cd", "dvd", "video")
    refused = {code: rules(build.title(code=code), pickup_library=ishima) for code in codes}
    assert refused == {code: ([] if code in {"book", "magazine"} else ["audiovisual_pickup"]) for code in codes}


def test_reserved_or_borrowed_already():
    title = build.title()
    assert rules(title, situation=PatronSituation(reserved={title.pk})) == ["already_reserved"]
    [refusal] = answers(title, situation=PatronSituation(on_loan={title.pk: DUE}))
    assert (refusal.rule, refusal.changes_on) == ("on_loan", DUE)


@pytest.mark.parametrize(
    ("copies", "refused"),
    [
        (Copies(), ["no_copy"]),
        (Copies(not_withdrawn=2), ["not_lendable"]),
        (Copies(not_withdrawn=2, lendable=1, servable=0), ["all_missing"]),
        (Copies(not_withdrawn=2, lendable=2, servable=1), []),
    ],
)
def test_a_title_without_a_copy_to_lend(copies: Copies, refused: list[str]):
    assert rules(build.title(), copies=copies) == refused


@pytest.mark.parametrize(
    ("face", "method", "registered", "refused"),
    [
        (WEB, "email", {"email": "hanako@example.jp"}, []),
        (WEB, "email", {}, ["contact_missing"]),
        (WEB, "none", {}, []),
        (WEB, "telephone", {"telephone": "086-000-0000"}, ["contact_not_offered"]),
        (WEB, "fax", {"fax": "086-000-0000"}, ["contact_not_offered"]),
        (WEB, "pigeon", {}, ["no_contact"]),
        (WEB, "", {}, ["no_contact"]),
        (COUNTER, "telephone", {"telephone": "086-000-0000"}, []),
        (COUNTER, "missed_call", {"telephone": "086-000-0000"}, []),
        (COUNTER, "missed_call", {}, ["contact_missing"]),
        (COUNTER, "fax", {"telephone": "086-000-0000"}, ["contact_missing"]),
    ],
)
def test_contact_by_face_and_by_what_is_registered(face, method, registered, refused):
    assert rules(build.title(), face=face, contact_method=method, patron=build.patron(**registered)) == refused


def test_a_method_chosen_on_a_terminal_is_kept_on_the_web():
    assert limits.contact_refusals(build.patron(telephone="1"), "telephone", WEB, kept_method="telephone") == []


def test_every_refusal_at_once():
    title = build.title(code="dvd")
    situation = PatronSituation(reserved={title.pk}, on_loan={title.pk: DUE}, active_per_group={group_of(title): 10})
    ishima = build.library("伊島図書館", hands_out_av=False)
    found = rules(title, situation=situation, copies=Copies(), pickup_library=ishima, contact_method="fax")
    assert found == [
        "no_copy",
        "already_reserved",
        "on_loan",
        "limit",
        "audiovisual_pickup",
        "contact_not_offered",
    ]
