"""Passkeys: an option, by the rules of WebAuthn, for their patron alone (SPEC P8); every answer is signed for real."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from fido2.cose import CoseKey
from fido2.webauthn import AttestationObject

from patrons.account import passkeys, passwords
from patrons.account.sign_in import sign_in
from patrons.models import AccountPolicy, MailRequest, Passkey, TryCounter
from patrons.protection import throttle
from patrons.protection.origin import Origin
from patrons.protection.throttle import ShutError
from tests import build
from tests.patrons.passkeys import SITE, Device

pytestmark = pytest.mark.django_db
LOGIN, CHALLENGE, MY = reverse("patrons:passkey_login"), reverse("patrons:passkey_challenge"), reverse("opac:my")
LIST, REGISTRATION = reverse("patrons:passkeys"), reverse("patrons:passkey_registration")


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def patron():
    return build.patron(card_number="01234567", email="hanako@example.jp")


def asked_for_new(client: Client, password: str = "abcd1234", name: str = "わたしの電話") -> dict:
    return json.loads(client.post(LIST, {"name": name, "current": password}).context["asked"] or "null")


def register(patron, device: Device, client: Client | None = None) -> Device:
    client = client or Client()
    client.force_login(patron.user)
    client.post(REGISTRATION, {"answer": device.make(asked_for_new(client))})
    return device


def challenge(client: Client) -> dict:
    return client.post(CHALLENGE).json()


def refusal(answer) -> str:
    return answer.context["refused"]


def test_patron_registers_a_passkey_and_logs_in_with_it(client, patron):
    device = register(patron, Device())
    answer = client.post(LOGIN, {"answer": device.prove(challenge(client)), "next": "/my/settings/"})
    assert (answer.status_code, answer["Location"]) == (302, "/my/settings/")
    assert client.get(MY).status_code == 200
    row = Passkey.objects.get()
    assert (row.patron, row.name, row.sign_count, row.last_used_at is not None) == (patron, "わたしの電話", 2, True)
    assert list(MailRequest.objects.values_list("kind", "address")) == [("passkey_added", "hanako@example.jp")]


def test_password_goes_on_working_beside_it(client, patron):
    register(patron, Device())
    client.post(reverse("patrons:login"), {"card_number": "01234567", "password": "abcd1234"})
    assert client.get(MY).status_code == 200


def test_login_rotates_the_session_and_makes_the_device_known(client, patron):
    device = register(patron, Device())
    asked = challenge(client)
    before = client.session.session_key
    client.post(LOGIN, {"answer": device.prove(asked)})
    client.get(MY)
    assert client.session.session_key != before
    assert "device" in client.cookies
    assert client.session.get_expiry_age() > 3600


def test_challenge_serves_once(client, patron):
    device = register(patron, Device(counts=False))
    asked = challenge(client)
    proof = device.prove(asked)
    client.post(LOGIN, {"answer": proof})
    client.post(reverse("patrons:logout"))
    assert refusal(client.post(LOGIN, {"answer": proof})) == passkeys.LATE
    challenge(client)
    assert refusal(client.post(LOGIN, {"answer": proof})) == passkeys.UNCLEAR
    assert client.get(MY).status_code == 302


def test_refused_answer_uses_the_challenge_up(client, patron):
    device = register(patron, Device())
    asked = challenge(client)
    client.post(LOGIN, {"answer": "{}"})
    assert refusal(client.post(LOGIN, {"answer": device.prove(asked)})) == passkeys.LATE


def test_challenge_lives_five_minutes(client, patron):
    device = register(patron, Device())
    with time_machine.travel(build.NOON, tick=False) as clock:
        asked = challenge(client)
        clock.shift(timedelta(minutes=4, seconds=59))
        assert client.post(LOGIN, {"answer": device.prove(asked)}).status_code == 302
        client.post(reverse("patrons:logout"))
        asked = challenge(client)
        clock.shift(timedelta(minutes=5))
        assert refusal(client.post(LOGIN, {"answer": device.prove(asked)})) == passkeys.LATE


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost:8001"},
        {"origin": "http://library.localhost:8000"},
        {"origin": "https://evil.example"},
        {"site": "evil.example"},
        {"verifies": False},
    ],
    ids=str,
)
def test_answer_for_another_site_or_without_the_owner_is_refused(client, patron, bent):
    device = register(patron, Device())
    for name, value in bent.items():
        setattr(device, name, value)
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.UNCLEAR
    newcomer = Device(**bent)
    client.force_login(patron.user)
    client.post(REGISTRATION, {"answer": newcomer.make(asked_for_new(client))})
    assert Passkey.objects.count() == 1


def test_host_header_is_never_believed(client, patron, settings):
    settings.ALLOWED_HOSTS = ["*"]
    device = register(patron, Device())
    asked = client.post(CHALLENGE, headers={"host": "evil.example"}).json()
    assert asked["rpId"] == "localhost"
    device.origin, device.site = "http://evil.example", "evil.example"
    answer = client.post(LOGIN, {"answer": device.prove(asked)}, headers={"host": "evil.example"})
    assert refusal(answer) == passkeys.UNCLEAR


def test_signature_of_another_key_is_refused(client, patron):
    device = register(patron, Device())
    forged = Device(credential_id=device.credential_id, handle=device.handle, count=9)
    assert refusal(client.post(LOGIN, {"answer": forged.prove(challenge(client))})) == passkeys.UNCLEAR
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client), signature=b"")})) == passkeys.UNCLEAR


def test_passkey_speaks_for_its_own_patron_only(client, patron):
    device, other = register(patron, Device()), register(build.patron("倉敷 太郎"), Device())
    answer = other.prove(challenge(client), userHandle=device.handle)
    assert refusal(client.post(LOGIN, {"answer": answer})) == passkeys.UNKNOWN


def test_counter_that_does_not_go_up_is_a_copied_key(client, patron):
    device = register(patron, Device(count=6))
    device.count = 5
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.COPIED
    assert Passkey.objects.get().sign_count == 7
    assert client.get(MY).status_code == 302


def test_device_without_a_counter_logs_in_again_and_again(client, patron):
    device = register(patron, Device(counts=False))
    for _ in range(2):
        assert client.post(LOGIN, {"answer": device.prove(challenge(client))}).status_code == 302
        client.post(reverse("patrons:logout"))


def test_removed_passkey_opens_nothing_and_the_patron_is_told(client, patron):
    device = register(patron, Device(), client)
    client.post(reverse("patrons:passkey_removal", args=(Passkey.objects.get().pk,)))
    client.post(reverse("patrons:logout"))
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.UNKNOWN
    assert list(MailRequest.objects.values_list("kind", flat=True)) == ["passkey_added", "passkey_removed"]


def test_patron_without_an_address_is_told_nothing(client):
    register(build.patron(), Device(), client)
    assert MailRequest.objects.count() == 0


def test_passkey_gets_another_name(client, patron):
    register(patron, Device(), client)
    address = reverse("patrons:passkey", args=(Passkey.objects.get().pk,))
    assert "パスキーの名前を入力してください。" in client.post(address, {"name": " "}).content.decode()
    too_long = client.post(address, {"name": "あ" * 41}).content.decode()
    assert ("パスキーの名前は40文字までです。" in too_long, "あ" * 41 in too_long) == (True, True)
    client.post(address, {"name": "居間のパソコン"})
    page = client.get(LIST).content.decode()
    assert ("居間のパソコン" in page, "まだ使われていません" in page) == (True, True)


def test_anothers_passkey_is_not_there(client, patron):
    register(patron, Device())
    row = Passkey.objects.get()
    client.force_login(build.patron("倉敷 太郎").user)
    assert "わたしの電話" not in client.get(LIST).content.decode()
    for page in ("patrons:passkey", "patrons:passkey_removal"):
        assert client.post(reverse(page, args=(row.pk,)), {"name": "わたしのもの"}).status_code == 404
    row.refresh_from_db()
    assert row.name == "わたしの電話"


def test_key_that_somebody_has_is_not_registered_again(client, patron):
    device = register(patron, Device())
    register(build.patron("倉敷 太郎"), device, client)
    assert Passkey.objects.get().patron == patron
    assert str(passkeys.TWICE) in client.get(LIST).content.decode()


def test_new_one_wants_the_password_and_guesses_are_counted(client, patron):
    client.force_login(patron.user)
    answers = [client.post(LIST, {"name": "x", "current": "wrong"}).context["form"] for _ in range(6)]
    words = [form.errors["current"][0] for form in answers]
    assert words[:5] == ["今のパスワードが違います。"] * 5
    assert words[5].startswith("パスワードの間違いが続いたため、10秒ほどお待ちください。")
    assert answers[0]["name"].value() == "x"


def test_answer_without_having_asked_makes_nothing(client, patron):
    client.force_login(patron.user)
    device = Device()
    asked = asked_for_new(client)
    client.post(REGISTRATION, {"answer": "{}"})
    client.post(REGISTRATION, {"answer": device.make(asked)})
    assert Passkey.objects.count() == 0


def test_login_challenge_registers_nothing(client, patron):
    client.force_login(patron.user)
    asked = challenge(client) | {"user": {"id": "AAAA"}}
    client.post(REGISTRATION, {"answer": Device().make(asked)})
    assert Passkey.objects.count() == 0


def test_ten_at_most(client, patron):
    client.force_login(patron.user)
    devices = [Device() for _ in range(10)]
    for device in devices:
        register(patron, device, client)
    refused = client.post(LIST, {"name": "もう一つ", "current": "abcd1234"})
    assert (str(passkeys.TOO_MANY) in refused.content.decode(), patron.passkeys.count()) == (True, 10)
    assert {bytes(row.user_handle) for row in patron.passkeys.all()} == {devices[0].handle}


NONSENSE = [
    "", "null", "[]", "{}", "{", "[" * 9_000, "1e999", '{"rawId":1}', '{"id":"AA","rawId":"AA","type":"public-key"}',
    '{"id":"AA","rawId":"AA","type":"x","clientExtensionResults":{},"response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA",'
    '"signature":"AA","userHandle":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"gYGBgYE"}}',
    "あ" * 30_000, "\x00", '{"response":' * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("typed", NONSENSE, ids=lambda typed: typed[:20])
def test_nonsense_is_refused_kindly(client, patron, typed):
    challenge(client)
    answer = client.post(LOGIN, {"answer": typed})
    assert (answer.status_code, refusal(answer)) == (400, passkeys.UNCLEAR)
    client.force_login(patron.user)
    asked_for_new(client)
    client.post(REGISTRATION, {"answer": typed})
    assert str(passkeys.NOT_MADE) in client.get(LIST).content.decode()


def test_every_bent_byte_of_an_answer_is_refused(client, patron):
    """Turn one bit of each part of a right answer: none lets in, none breaks the page."""
    AccountPolicy.objects.update(network_tries=1000)
    device = register(patron, Device())
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for at in (0, 5, 33, 36, -1):
            said = json.loads(device.prove(challenge(client)))
            raw = bytearray(passkeys.websafe_decode(said["response"][part]))
            raw[min(at, len(raw) - 1)] ^= 1
            said["response"][part] = passkeys.websafe_encode(bytes(raw))
            answer = client.post(LOGIN, {"answer": json.dumps(said)})
            assert (part, at, answer.status_code) == (part, at, 400)


KEYS = {
    "of no kind we know": {1: 2, 3: -65_535, -1: 1},
    "on no curve": {1: 2, 3: -7, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32},
    "without its curve": {1: 2, 3: -7},
    "too short": {1: 3, 3: -257, -1: b"\x03", -2: b"\x01\x00\x01"},
    "made of words": {1: 2, 3: -7, -1: 1, -2: "x", -3: "y"},
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_key_that_could_never_let_in_is_not_registered(client, patron, key):
    client.force_login(patron.user)
    client.post(REGISTRATION, {"answer": Device().make(asked_for_new(client), CoseKey(key))})
    assert str(passkeys.NOT_MADE) in client.get(LIST).content.decode()
    assert not Passkey.objects.exists()


def test_device_that_sends_no_key_makes_nothing(client, patron):
    client.force_login(patron.user)
    asked = asked_for_new(client)
    device = Device()
    device.handle = passkeys.websafe_decode(asked["user"]["id"])
    bare = json.loads(device.make(asked))
    bare["response"]["attestationObject"] = passkeys.websafe_encode(
        AttestationObject.create("none", device._data(), {})
    )
    client.post(REGISTRATION, {"answer": json.dumps(bare)})
    assert str(passkeys.NOT_MADE) in client.get(LIST).content.decode()


def test_fault_of_our_own_is_not_taken_for_a_wrong_answer(client, patron, monkeypatch):
    device = register(patron, Device())

    def broken() -> None:
        raise TypeError("ours")

    answer = device.prove(challenge(client))
    monkeypatch.setattr(passkeys, "_server", broken)
    with pytest.raises(TypeError, match="ours"):
        client.post(LOGIN, {"answer": answer})


def lock(card: str, now) -> None:
    TryCounter.objects.get_or_create(key=throttle._key("card", card), defaults={"counted_from": now, "last_at": now})
    TryCounter.objects.update(failures=10, shut_until=now + timedelta(minutes=30))


def test_guessing_at_a_card_does_not_lock_its_owners_passkey_out(client, patron):
    """Nobody can guess a passkey, so a lock of the password leaves it alone, and it leaves the lock alone."""
    device, now = register(patron, Device()), build.NOON
    lock("01234567", now)
    with time_machine.travel(now, tick=False):
        assert client.post(LOGIN, {"answer": device.prove(challenge(client))}).status_code == 302
    with pytest.raises(ShutError):
        sign_in("01234567", "abcd1234", Origin("192.0.2.9"), now=now)


def test_tries_are_counted_for_the_network_and_right_ones_given_back(client, patron):
    AccountPolicy.objects.update(network_tries=3)
    device = register(patron, Device())
    for _ in range(5):
        assert client.post(LOGIN, {"answer": device.prove(challenge(client))}).status_code == 302
        client.post(reverse("patrons:logout"))
    for _ in range(3):
        assert refusal(client.post(LOGIN, {"answer": Device().prove(challenge(client))})) == passkeys.UNKNOWN
    shut = client.post(CHALLENGE)
    assert (shut.status_code, shut.json()["words"].startswith("パスキーでのログインが続けて")) == (429, True)


def test_closed_login_stays_outside(client, patron):
    device = register(patron, Device())
    type(patron.user).objects.filter(pk=patron.user_id).update(is_active=False)
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.UNKNOWN


def test_newcomer_makes_no_passkey_before_the_own_password(client):
    newcomer = build.patron(password=None, card_number="01234567", birth_date=date(2020, 9, 10))
    client.force_login(newcomer.user)
    for address in (LIST, REGISTRATION):
        assert client.post(address, {"name": "x", "current": "45670910"})["Location"].startswith("/my/password/")
    assert Passkey.objects.count() == 0


def test_put_back_by_staff_ends_every_passkey_and_tells(client, patron):
    device = register(patron, Device())
    passwords.put_back_to_initial(patron, now=build.NOON)
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.UNKNOWN
    assert list(MailRequest.objects.values_list("kind", flat=True)) == ["passkey_added", "passkey_removed"]


def test_passkey_behind_a_shut_gate_opens_nothing(client, patron):
    """A row that should not be there any more is refused all the same."""
    device = register(patron, Device())
    type(patron).objects.update(own_password_set_at=None)
    assert refusal(client.post(LOGIN, {"answer": device.prove(challenge(client))})) == passkeys.UNKNOWN


def test_own_change_of_password_keeps_passkeys(client, patron):
    device = register(patron, Device())
    passwords.set_own_password(patron, "wxyz9876", now=build.NOON)
    assert client.post(LOGIN, {"answer": device.prove(challenge(client))}).status_code == 302


def test_site_without_a_name_has_no_passkeys(client, patron, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    client.force_login(patron.user)
    assert [client.get(LIST).status_code, client.post(CHALLENGE).status_code] == [404, 404]
    assert LIST not in client.get(reverse("patrons:settings")).content.decode()
    assert "data-passkey" not in Client().get(reverse("patrons:login")).content.decode()


@pytest.mark.parametrize(
    ("url", "offered", "origin"),
    [
        ("https://library.example.jp", True, "https://library.example.jp"),
        ("https://library.example.jp:443/", True, "https://library.example.jp"),
        ("https://library.example.jp:8443/opac/", True, "https://library.example.jp:8443"),
        ("http://library.example.jp", False, "http://library.example.jp"),
        ("https://192.0.2.1", False, "https://192.0.2.1"),
        ("http://localhost:8000", True, "http://localhost:8000"),
    ],
)
def test_origin_is_that_of_the_configured_address(settings, url, offered, origin):
    settings.SITE_URL = url
    assert (passkeys.offered(), passkeys.origin_of_site()) == (offered, origin)
