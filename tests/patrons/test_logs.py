"""Logs carry no card number, name, password or address (DESIGN «Privacy by shape»)."""

import logging

import pytest
from django.urls import reverse

from tests import build

pytestmark = pytest.mark.django_db
CANARY = {
    "name": "金糸雀 カナリア",
    "card_number": "31415926535",
    "email": "canary@example.jp",
    "telephone": "086-271-8281",
}
PASSWORD = "Canary4ever"


def test_a_patrons_way_through_the_account_leaves_no_trace_in_the_logs(client, caplog):
    caplog.set_level(logging.DEBUG)
    build.patron(password=PASSWORD, **CANARY)
    login = reverse("patrons:login")
    for password in ("wrong", "Wrong-Canary4ever", PASSWORD):
        client.post(login, {"card_number": CANARY["card_number"], "password": password})
    typed = {"current": "wrong", "password": "Canary4never", "again": "Canary4never"}
    client.post(reverse("patrons:password"), typed)
    kept = {"email": "canary2@example.jp", "telephone": CANARY["telephone"], "contact_method": "none"}
    client.post(reverse("patrons:settings"), kept)
    client.get(reverse("patrons:card"))
    client.get(f"/nowhere/?q={CANARY['name']}")
    client.post(reverse("patrons:logout"))
    client.post(reverse("patrons:forgotten"), {"card_number": CANARY["card_number"]})
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    secrets = (*CANARY.values(), "Canary4", "canary2@")
    assert [secret for secret in secrets if secret in ours] == []
