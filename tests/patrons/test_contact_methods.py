"""A contact method stands in one table, and what depends on methods reads it (SPEC R2, D5)."""

import pytest

from loans.models import CONTACT_RESULTS
from opac.faces.face import TERMINAL, TOUCH, WEB
from patrons.models import ContactMethod, Patron
from reservations.limits import COUNTER, contact_refusals


def test_every_method_has_its_facts_and_needs_a_column_of_the_patron():
    columns = {field.name for field in Patron._meta.get_fields()}
    assert [method.value for method in ContactMethod if method.facts.needs not in columns | {""}] == []


@pytest.mark.parametrize("method", list(ContactMethod))
def test_a_method_with_a_need_says_what_is_missing_and_what_to_do(method):
    facts = method.facts
    assert bool(facts.needs) == bool(facts.needed) == bool(facts.how)


def test_the_web_offers_what_needs_nobody_by_hand_and_the_library_offers_all():
    assert WEB.contact_methods == ContactMethod.on_web() == ("email", "none")
    assert TERMINAL.contact_methods == TOUCH.contact_methods == COUNTER.contact_methods == tuple(ContactMethod.values)


def test_staff_tell_by_telephone_ring_and_fax():
    assert ContactMethod.by_hand() == ("telephone", "missed_call", "fax")
    assert ContactMethod.ends() == {"told": "伝えた", "rang": "着信を残した", "faxed": "FAXを送った"}
    assert list(CONTACT_RESULTS) == ["told", "rang", "faxed", "no_answer", "wrong_number"]


@pytest.mark.parametrize("method", list(ContactMethod))
def test_a_patron_is_reachable_once_the_needed_column_is_filled(method):
    patron = Patron()
    needs = method.facts.needs
    assert patron.reachable_by(method) is not bool(needs)
    assert [refusal.rule for refusal in contact_refusals(patron, method, COUNTER)] == ["contact_missing"] * bool(needs)
    if needs:
        setattr(patron, needs, "0861234567")
    assert patron.reachable_by(method)
    assert contact_refusals(patron, method, COUNTER) == []
