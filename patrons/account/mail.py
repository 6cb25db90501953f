"""The words of account mails; the notifications room sends them (decision 2)."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from catalog.languages.table import BY_CODE, JAPANESE
from catalog.models import Policy
from patrons.account.links import ends_at, link_for
from patrons.models import AccountPolicy, MailRequest

_SUBJECTS = {  # by the language of the letters
    "ja": {
        MailRequest.Kind.CONFIRM_ADDRESS: "メールアドレスの確認をお願いします",
        MailRequest.Kind.ADDRESS_CHANGED: "メールアドレスの変更をお知らせします",
        MailRequest.Kind.RESET_PASSWORD: "パスワードの再設定のご案内",
        MailRequest.Kind.LOCKED: "ログインを一時停止しました",
        MailRequest.Kind.PASSKEY_ADDED: "パスキーが登録されました",
        MailRequest.Kind.PASSKEY_REMOVED: "パスキーが削除されました",
    },
    "en": {
        MailRequest.Kind.CONFIRM_ADDRESS: "Please confirm your mail address",
        MailRequest.Kind.ADDRESS_CHANGED: "Your mail address was changed",
        MailRequest.Kind.RESET_PASSWORD: "Resetting your password",
        MailRequest.Kind.LOCKED: "Logging in is stopped for a while",
        MailRequest.Kind.PASSKEY_ADDED: "A passkey was registered",
        MailRequest.Kind.PASSKEY_REMOVED: "A passkey was removed",
    },
}
_WITH_LINK = (MailRequest.Kind.CONFIRM_ADDRESS, MailRequest.Kind.RESET_PASSWORD)


def still_worth_sending(request: MailRequest, now: datetime) -> bool:
    """Tell whether a mail that could not leave so far is still of use: its link, if it has one, works."""
    if request.used_at is not None:
        return False
    return MailRequest.Kind(request.kind) not in _WITH_LINK or now < ends_at(request)


def compose(request: MailRequest) -> tuple[str, str]:
    """Return subject and plain-text body of a row's mail in the language of the patron's letters.

    The mail goes to ``request.address``. A row without a patron has none: the sender drops it.
    """
    kind = MailRequest.Kind(request.kind)
    house = Policy.current()
    context = {"request": request, "house": house, "account_policy": AccountPolicy.current()}
    language = BY_CODE.get(request.patron.language if request.patron else "", JAPANESE).letters
    subject = _SUBJECTS[language][kind]
    with translation.override(language):
        link = {"link": link_for(request), "ends_at": ends_at(request)} if kind in _WITH_LINK else {}
        return f"【{house.organisation_name}】{subject}", render_to_string(
            f"patrons/mail/{language}/{kind}.txt", context | link
        )
