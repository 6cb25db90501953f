"""Who may open what: every URL and every POST × every role. A URL without an entry here fails.

What a role may not do leads to the login (visitors, and patrons on staff pages), to 「パスワード変更」 (newcomers), to
403 (staff without the permission) or to 404 (another patron's things).
"""

from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from opac.staff.roles import ROLES
from patrons.models import User
from tests import build
from tests.sure import sure
from tests.test_every_page import PARTS, World

STAFF = tuple(ROLES)
OPEN = {
    "catalog:advanced",
    "catalog:availability",
    "catalog:cover",
    "catalog:class",
    "catalog:classes",
    "catalog:feed",
    "catalog:isbn",
    "catalog:most_reserved",
    "catalog:new",
    "catalog:oai",
    "catalog:opensearch",
    "catalog:robots",
    "catalog:search",
    "catalog:serials",
    "catalog:series",
    "catalog:sitemap",
    "catalog:sitemaps",
    "catalog:suggestions",
    "catalog:title",
    "notifications:unsubscribe",
    "opac:enrol",
    "opac:gallery",
    "opac:help",
    "opac:leave",
    "opac:mailbox",
    "opac:start",
    "opac:stay",
    "opac:title_qr",
    "patrons:card_worker",
    "patrons:confirm_address",
    "patrons:forgotten",
    "patrons:login",
    "patrons:logout",
    "patrons:manifest",
    "patrons:passkey_challenge",
    "patrons:passkey_login",
    "patrons:reset",
    "reservations:basket",
    "reservations:basket_entries",
    "reservations:basket_position",
    "reservations:basket_removal",
}
PATRONS = {
    "loans:list",
    "notifications:alerts",
    "notifications:new_alert",
    "notifications:reminders",
    "opac:my",
    "opac:erased",
    "opac:erasure",
    "opac:my_data",
    "opac:my_data_csv",
    "opac:my_data_json",
    "opac:reserve",
    "patrons:card",
    "patrons:passkey_registration",
    "patrons:passkeys",
    "patrons:challenges",
    "patrons:new_challenge",
    "patrons:passbook",
    "patrons:password",
    "patrons:reading_log",
    "patrons:reading_log_choice",
    "patrons:reading_log_deletion",
    "patrons:saved_card",
    "patrons:sessions",
    "patrons:settings",
    "patrons:shelf_addition",
    "patrons:shelves",
    "reservations:cancelled",
    "reservations:list",
    "reservations:placed",
    "reservations:reserve",
    "reservations:sequence",
}
OWN = {
    "loans:extension",
    "notifications:activity",
    "notifications:alert",
    "notifications:removal",
    "opac:reserved",
    "patrons:passkey",
    "patrons:passkey_removal",
    "patrons:challenge",
    "patrons:challenge_removal",
    "patrons:challenge_settings",
    "patrons:shelf",
    "patrons:shelf_entry",
    "patrons:shelf_file",
    "patrons:shelf_isbn",
    "patrons:shelf_mark",
    "patrons:shelf_position",
    "patrons:shelf_removal",
    "patrons:shelf_return",
    "patrons:shelf_settings",
    "patrons:shelf_taking",
    "reservations:cancellation",
    "reservations:detail",
    "reservations:pause",
    "reservations:sequence_release",
    "reservations:take_back",
}
DESK = {"counter", "manager"}
# Pages of the staff's site beside those of a model → the roles that may open them.
SITE = {
    "admin:app_list": set(STAFF),
    "admin:autocomplete": set(),  # asks for the permission of the field that is completed
    "admin:calendar": {"manager"},
    "admin:desk": DESK,
    "admin:desk_arrival": DESK,
    "admin:desk_check_in": DESK,
    "admin:desk_contact": DESK,
    "admin:desk_contacts": DESK,
    "admin:desk_copy": DESK,
    "admin:desk_copy_status": DESK,
    "admin:desk_hold_shelf": DESK,
    "admin:desk_library": DESK,
    "admin:desk_not_found": DESK,
    "admin:desk_patron": DESK,
    "admin:desk_patron_cancellation": DESK,
    "admin:desk_patron_change": DESK,
    "admin:desk_patron_extension": DESK,
    "admin:desk_patron_initial_password": DESK,
    "admin:desk_patron_release": DESK,
    "admin:desk_patron_reservations": DESK,
    "admin:desk_patron_sequence": DESK,
    "admin:desk_patrons": DESK,
    "admin:desk_pull_list": DESK,
    "admin:desk_slip": DESK,
    "admin:desk_stranded": DESK,
    "admin:desk_stranded_cancellation": DESK,
    "admin:desk_stranded_move": DESK,
    "admin:desk_stranded_title": DESK,
    "admin:index": set(STAFF),
    "admin:jsi18n": set(STAFF),
    "admin:password_change": set(STAFF),
    "admin:password_change_done": set(STAFF),
    "admin:auth_user_password_change": {"manager"},
    "admin:catalog_item_csv": {"cataloguing", "manager"},
    "admin:catalog_materialtype_labels": {"cataloguing", "manager"},
    "admin:patrons_patron_csv": DESK,
    "admin:second_factor": set(STAFF),
    "admin:second_factor_codes": set(STAFF),
    "admin:second_factor_enrolment": set(STAFF),
    "admin:view_on_site": set(STAFF),
}
ANYBODY = {"admin:login", "admin:logout"}  # Django's own; logging in again harms nobody
# Models in the staff's site → the roles that may see their lists.
LISTS = {
    "auth_group": set(),
    "catalog_closedday": {"manager"},
    "catalog_extraopening": {"manager"},
    "catalog_holdingsrule": {"cataloguing", "manager"},
    "catalog_importline": {"cataloguing", "manager"},
    "catalog_importrun": {"cataloguing", "manager"},
    "catalog_item": set(STAFF),
    "catalog_library": set(STAFF),
    "catalog_librarycode": {"cataloguing", "manager"},
    "catalog_limitgroup": {"manager"},
    "catalog_marcrecord": {"cataloguing", "manager"},
    "catalog_materialrule": {"cataloguing", "manager"},
    "catalog_materialtype": {"cataloguing", "manager"},
    "catalog_policy": {"manager"},
    "catalog_series": set(STAFF),
    "catalog_terminal": {"manager"},
    "catalog_title": set(STAFF),
    "loans_loan": DESK,
    "notifications_announcementday": {"manager"},
    "notifications_mail": {"manager"},
    "notifications_mailpolicy": {"manager"},
    "notifications_notice": {"manager"},
    "patrons_accountpolicy": {"manager"},
    "patrons_lookup": {"manager"},
    "patrons_patron": DESK,
    "patrons_user": {"manager"},
    "reservations_reservation": DESK,
}
MODEL_PAGES = ("changelist", "add", "change", "delete", "history")
AFTER_LOGOUT = {"patrons:password", "patrons:logout", "opac:leave", "opac:stay"}  # what the gate leaves open


def patterns(resolver: URLResolver, prefix: str = "") -> dict[str, URLPattern]:
    """Return every named URL of the portal, the staff's site included."""
    found: dict[str, URLPattern] = {}
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found |= patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            found[prefix + entry.name] = entry
    return found


PAGES = patterns(get_resolver())
MODELS = {f"admin:{model}_{page}" for model in LISTS for page in MODEL_PAGES}


@dataclass
class House(World):
    """A world with another patron and staff of every role."""

    people: dict[str, User | None] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.people |= {"visitor": None, "patron": self.patron.user, "newcomer": self.users["newcomer"]}
        self.people["another patron"] = build.patron("倉敷 太郎").user
        for role in STAFF:
            someone = User.objects.create_user(f"{role}-1", "staff-pass-1", is_staff=True)
            someone.groups.add(Group.objects.get(name=role))
            self.people[role] = someone

    def address(self, name: str) -> str:
        """Return the URL of a page about this world's rows."""
        given: dict[str, dict[str, str | int]] = {
            "admin:app_list": {"app_label": "patrons"},
            "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
        }
        if name in given:
            return reverse(name, kwargs=given[name])
        if name in PARTS:
            return reverse(name, kwargs=PARTS[name](self))
        about = {"patron": self.patron.pk, "user": sure(self.people["counter"]).pk, "loan": self.loan.pk}
        row = next((pk for word, pk in about.items() if word in name), self.reservation.pk)
        return reverse(name, kwargs=dict.fromkeys(PAGES[name].pattern.converters, row))

    def answers(self, role: str, name: str) -> set[str]:
        """Return how a page answers a GET and an empty POST of somebody: open, login, gate, forbidden, missing.

        A GET that leads on to another page opens nothing and does not count, nor does a method that is not allowed.
        """
        address, client = self.address(name), self.client_of(role)
        got, posted = _words(client.get(address)), _words(client.post(address))
        return {got, posted} - {"not allowed"} if got != "moved" else {posted} - {"not allowed"} or {"open"}

    def client_of(self, role: str) -> Client:
        """Return the role's one browser."""
        if role not in self.clients:
            self.clients[role] = Client()
            if someone := self.people[role]:
                self.clients[role].force_login(someone)
        return self.clients[role]


def _words(answer) -> str:
    if answer.status_code in {301, 302}:
        goal = answer["Location"]
        return "gate" if goal.startswith("/my/password/") else "login" if "login/?next=" in goal else "moved"
    assert answer.status_code < 500
    return {403: "forbidden", 404: "missing", 405: "not allowed"}.get(answer.status_code, "open")


@pytest.fixture
def house(db, settings) -> House:
    settings.SAMPLE_MAILBOX = ""
    return House()


def test_every_url_has_an_entry():
    assert set(PAGES) == OPEN | PATRONS | OWN | set(SITE) | ANYBODY | MODELS


def test_visitors_open_the_catalogue_and_nothing_personal(house):
    closed = PATRONS | OWN | set(SITE) | MODELS
    assert {name: words for name in closed if (words := house.answers("visitor", name)) != {"login"}} == {}
    assert {name for name in OPEN if "login" in house.answers("visitor", name)} == set()


def test_patrons_open_no_page_of_the_staff(house):
    closed = set(SITE) | MODELS
    assert {name: words for name in closed if (words := house.answers("patron", name)) != {"login"}} == {}
    assert {name for name in PATRONS if house.answers("patron", name) & {"login", "gate"}} == set()


def test_another_patrons_things_are_not_there(house):
    theirs = {name: house.answers("another patron", name) for name in OWN}
    assert {name: words for name, words in theirs.items() if words != {"missing"}} == {}


def test_newcomers_open_only_change_and_logout(house):
    # robots.txt is no page: it reads no cookie, so that it never waits for the database.
    shut = set(PAGES) - AFTER_LOGOUT - {"catalog:robots"}
    assert {name: words for name in shut if (words := house.answers("newcomer", name)) != {"gate"}} == {}


def test_staff_are_no_patrons(house):
    closed = PATRONS | OWN
    assert {name: words for name in closed if (words := house.answers("manager", name)) != {"login"}} == {}


@pytest.mark.parametrize("role", STAFF)
def test_staff_open_what_their_role_needs(house, role):
    allowed = {name for name, roles in SITE.items() if role in roles}
    allowed |= {f"admin:{model}_changelist" for model, roles in LISTS.items() if role in roles}
    asked = set(SITE) | {f"admin:{model}_changelist" for model in LISTS}
    opened = {name for name in asked if house.answers(role, name) & {"open", "moved", "missing"}}
    assert opened == allowed


@pytest.mark.parametrize("role", STAFF)
def test_staff_change_only_what_their_role_may_change(house, role):
    """A POST to add, change or delete is refused wherever the role's permissions say so."""
    person, wrong = house.people[role], {}
    for model in LISTS:
        room, name = model.split("_", 1)
        for page in ("add", "change", "delete"):
            may = person.has_perm(f"{room}.{page}_{name}")
            words = house.answers(role, f"admin:{model}_{page}")
            if not may and page != "change" and words != {"forbidden"}:
                wrong[model, page] = words
    assert wrong == {}
