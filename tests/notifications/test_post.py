"""What travels: headers that mail programs read right, links that stay whole."""

from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest

from catalog.models import Policy
from notifications.models import Mail
from notifications.sending.post import as_message, as_recipient
from tests import build

POLICY = Policy(organisation_name="岡山市立図書館", mail_from="toshokan@ocl.city.okayama.jp")
LINK = f"https://portal.example.jp/mail/stop/{'a' * 200}/"


def letter(**fields) -> Mail:
    given = {
        "subject": "【岡山市立図書館】予約資料の準備ができました",
        "body": "髙島屋の①番～\n",
        "message_id": "<3f2b1f3e-3b1e-4b3a-8b1e-3f2b1f3e3b1e@ocl.city.okayama.jp>",
        "date": datetime(2026, 11, 24, 12, 0, tzinfo=build.TOKYO),
        "address": "hanako@example.org",
    }
    return Mail(**given | fields)


@pytest.mark.parametrize(
    "subject",
    [
        "【岡山市立図書館】予約資料の準備ができました",
        "[岡山市立図書館] Your reservation is ready",
        f"【{'とても長い名前の' * 8}図書館】髙島屋①～のお知らせ",
        "Plain",
    ],
)
def test_subject_is_read_right_by_old_and_new_readers(subject):
    raw = as_message(letter(subject=subject), POLICY, "hanako@example.org")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert message_from_bytes(raw, policy=default)["Subject"] == subject
    assert str(make_header(decode_header(message_from_bytes(raw)["Subject"]))) == subject


def test_sender_date_and_text_are_whole():
    message = message_from_bytes(as_message(letter(), POLICY, "hanako@example.org"), policy=default)
    assert {name: str(message[name]) for name in ("From", "To", "Date", "Auto-Submitted")} == {
        "From": "岡山市立図書館 <toshokan@ocl.city.okayama.jp>",
        "To": "hanako@example.org",
        "Date": "Tue, 24 Nov 2026 12:00:00 +0900",
        "Auto-Submitted": "auto-generated",
    }
    assert message.get_content().splitlines() == ["髙島屋の①番～"]


def test_link_that_stops_mails_is_never_broken():
    raw = as_message(letter(unsubscribe=LINK), POLICY, "hanako@example.org")
    assert f"List-Unsubscribe: <{LINK}>\r\n".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_japanese_domain_is_written_in_ascii():
    assert as_recipient("hanako@日本語.example") == "hanako@xn--wgv71a119e.example"
