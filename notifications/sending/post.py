"""Hand mails to the mail server over one connection, and tell apart what went wrong.

Three things can: the server is not there (``ServerDown``, nobody's fault and nothing was sent), the server answered
no to this mail (``Refused``), or the talk broke off in the middle of it (``Broken``: it may have been delivered).
"""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

from django.core.mail import get_connection
from django.utils import timezone
from django.utils.encoding import punycode

from catalog.models import Policy
from notifications.models import Mail

UNBROKEN = ("Message-ID", "List-Unsubscribe")  # a link or an id that is folded or encoded leads nowhere
GONE = 421  # the server says goodbye


class Headers(EmailPolicy):
    """Japanese headers as encoded words of whole letters, links as they are."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in UNBROKEN:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


HEADERS = Headers(linesep="\r\n", cte_type="7bit")


class ServerDown(Exception):
    """The server cannot be reached, or takes no mail at all."""


class Broken(Exception):
    """The connection ended or hung after the server began to take this mail."""


class Refused(Exception):
    """The server answered no; ``for_good`` when asking again would be told the same."""

    def __init__(self, code: int, reply: bytes | str) -> None:
        self.reply = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
        # 5.7 is about who may send (a relay rule, a block list): not the fault of the address.
        self.for_good = 500 <= code < 600 and not self.reply.startswith("5.7")
        super().__init__(f"{code} {self.reply}")


class Post:
    """The way to the mail server, for one run: opened when first needed, opened again when it broke."""

    def __init__(self) -> None:
        self._backend = get_connection("django.core.mail.backends.smtp.EmailBackend")
        self._used = False

    def deliver(self, mail: Mail, policy: Policy) -> None:
        """Return when the server has taken the mail; otherwise raise ServerDown, Refused or Broken."""
        try:
            recipient = as_recipient(mail.address)
            content = as_message(mail, policy, recipient)
        except Exception as error:
            raise Refused(553, f"{type(error).__name__}: this mail cannot be written") from error
        if not self._begin(policy.mail_from, recipient):
            self._begin(policy.mail_from, recipient, afresh=True)
        self._hand_over(content)

    def _begin(self, sender: str, recipient: str, *, afresh: bool = False) -> bool:
        """Name sender and recipient; False when an old connection turned out to be dead and nothing was lost."""
        if afresh:
            self.close()
        reused, self._used = self._used, True
        smtp = self._open()
        named = False
        try:
            self._expect(smtp, *smtp.mail(sender, _options(smtp, recipient)), refusal=ServerDown)
            named = True
            self._expect(smtp, *smtp.rcpt(recipient))
        except (smtplib.SMTPException, OSError, ServerDown) as error:
            self.close()
            if reused and not afresh:
                return False
            raise (Broken if named else ServerDown)(_words(error)) from error
        except ValueError as error:
            self.close()
            raise Refused(553, "this address cannot be written to a server") from error
        return True

    def _hand_over(self, content: bytes) -> None:
        smtp = self._backend.connection
        try:
            try:
                answer = smtp.data(content)
            except smtplib.SMTPDataError as error:  # no before the text, which has not been sent
                answer = error.smtp_code, error.smtp_error
            self._expect(smtp, *answer)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Broken(_words(error)) from error

    def _open(self) -> smtplib.SMTP:
        try:
            self._backend.open()
            self._backend.connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise ServerDown(_words(error)) from error
        return self._backend.connection

    def _expect(self, smtp: smtplib.SMTP, code: int, reply: bytes, refusal: type[Exception] | None = None) -> None:
        """Go on after a yes; after a no leave the connection ready for the next mail, and raise."""
        if 200 <= code < 300:
            return
        if code == GONE:
            raise smtplib.SMTPServerDisconnected(f"{code} {reply!r}")
        smtp.rset()
        raise refusal(f"{code} {reply!r}") if refusal else Refused(code, reply)

    def close(self) -> None:
        """Say goodbye if anybody still listens."""
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._backend.connection = None
        self._used = False


def as_message(mail: Mail, house: Policy, recipient: str) -> bytes:
    """Return the mail as it travels; the same row always gives the same bytes."""
    letter = EmailMessage(policy=HEADERS.clone(utf8=not recipient.isascii()))
    letter["Message-ID"] = mail.message_id
    letter["Date"] = timezone.localtime(mail.date)
    letter["From"] = Address(house.organisation_name, addr_spec=house.mail_from)
    letter["To"] = recipient
    letter["Subject"] = mail.subject
    letter["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        letter["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(mail.body, cte="base64")  # seven bits, whatever stands between here and the patron
    return letter.as_bytes()


def as_recipient(address: str) -> str:
    """Return the address as a server is told it: a Japanese domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(character.isspace() for character in address):
        raise ValueError(address)
    return f"{local}@{punycode(domain)}"


def _options(smtp: smtplib.SMTP, recipient: str) -> list[str]:
    if recipient.isascii():
        return []
    if not smtp.has_extn("smtputf8"):
        raise ValueError(recipient)
    return ["SMTPUTF8"]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
