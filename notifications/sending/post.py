"""Hand mails to the mail server over one connection, and tell apart what went wrong.

Three things can: the server is not there (``ServerDown``, nobody's fault and nothing was sent), the server answered
no to this mail (``MailRefused``), or the talk broke off in the middle of it (``Broken``: it may have been delivered).
"""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy

from django.core.mail.backends.smtp import EmailBackend
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


class MailRefused(Exception):
    """The server answered no; ``for_good`` when asking again would be told the same."""

    def __init__(self, code: int, reply: bytes | str) -> None:
        self.reply = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
        # 5.7 is about who may send (a relay rule, a block list): not the fault of the address.
        self.for_good = 500 <= code < 600 and not self.reply.startswith("5.7")
        super().__init__(f"{code} {self.reply}")


class Post:
    """The way to the mail server, for one run: opened when first needed, opened again when it broke."""

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._used = False

    def deliver(self, mail: Mail, policy: Policy) -> None:
        """Return when the server has taken the mail; otherwise raise ServerDown, MailRefused or Broken."""
        try:
            recipient = as_recipient(mail.address)
            content = as_message(mail, policy, recipient)
        except Exception as error:
            raise MailRefused(553, f"{type(error).__name__}: this mail cannot be written") from error
        smtp = self._begin(policy.mail_from, recipient)
        try:
            try:
                answer: tuple[int, bytes | str] = smtp.data(content)
            except smtplib.SMTPDataError as error:  # no before the text, which has not been sent
                answer = error.smtp_code, error.smtp_error
            self._expect(smtp, *answer)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Broken(_words(error)) from error

    def _begin(self, sender: str, recipient: str) -> smtplib.SMTP:
        """Name sender and recipient; once more on a new connection when an old one turned out to be dead."""
        reused, self._used = self._used, True
        smtp = self._open()
        named = False
        try:
            if not recipient.isascii() and not smtp.has_extn("smtputf8"):
                raise ValueError(recipient)
            options = [] if recipient.isascii() else ["SMTPUTF8"]
            self._expect(smtp, *smtp.mail(sender, options), refusal=ServerDown)
            named = True
            self._expect(smtp, *smtp.rcpt(recipient))
        except (smtplib.SMTPException, OSError, ServerDown) as error:
            self.close()
            if reused:  # nothing was lost: no text has been sent
                return self._begin(sender, recipient)
            raise (Broken if named else ServerDown)(_words(error)) from error
        except ValueError as error:
            self.close()
            raise MailRefused(553, "this address cannot be written to a server") from error
        return smtp

    def _open(self) -> smtplib.SMTP:
        try:
            self._backend.open()
            smtp = self._backend.connection
            if smtp is None:
                raise OSError("no connection")
            smtp.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise ServerDown(_words(error)) from error
        return smtp

    def _expect(
        self, smtp: smtplib.SMTP, code: int, reply: bytes | str, refusal: type[Exception] | None = None
    ) -> None:
        """Go on after a yes; after a no leave the connection ready for the next mail, and raise."""
        if 200 <= code < 300:
            return
        if code == GONE:
            raise smtplib.SMTPServerDisconnected(f"{code} {reply!r}")
        smtp.rset()
        raise refusal(f"{code} {reply!r}") if refusal else MailRefused(code, reply)

    def close(self) -> None:
        """Say goodbye if anybody still listens."""
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._backend.connection = None
        self._used = False


def as_message(mail: Mail, policy: Policy, recipient: str) -> bytes:
    """Return the mail as it travels; the same row always gives the same bytes."""
    letter = EmailMessage(policy=HEADERS.clone(utf8=not recipient.isascii()))
    letter["Message-ID"] = mail.message_id
    letter["Date"] = timezone.localtime(mail.date)
    letter["From"] = Address(policy.organisation_name, addr_spec=policy.mail_from)
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


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
