"""Letters on their way out: ports.Mailer over SMTP, one connection for each, told as one of three outcomes."""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
import unicodedata
from contextlib import suppress
from email import charset, policy
from email.header import Header
from email.message import Message
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from bot import config, config_values, observability
from casework import ports

# the whole of a send, from the name of the server to its last answer
TIMEOUT_SECONDS = 20.0
GOODBYE_SECONDS = 2.0
# how long to leave the mail server alone before the next try
WAIT_SECONDS = {"mail_busy": 300.0, "mail_unreachable": 60.0, "unauthorized": 300.0}
START_INPUT = aiosmtplib.SMTPStatus.start_input

_NO_MAILBOX = frozenset({550, 551, 553})
_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
_LINE_END = re.compile(r"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
# readable on the wire, and seven bits only: no server needs to offer more
_UTF8 = charset.Charset("utf-8")
_UTF8.body_encoding = charset.QP

_log = observability.get_logger(__name__)


class SmtpMailer:
    """Hands letters to one mail server, never in the clear unless `tls` says "none".

    `sender` is the address they come from, `login` a user and password. `tls_context` None checks the server's
    certificate against the machine's authorities. Nothing is repeated: that is the outbox's to decide.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        clock: ports.Clock,
        tls: Literal["starttls", "tls", "none"] = "starttls",
        login: tuple[str, str] | None = None,
        tls_context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._clock = clock
        self._tls = tls
        self._login = login
        self._tls_context = tls_context
        self._timeout = timeout

    async def send(self, to: str, letter: ports.Letter) -> ports.Outcome:
        """Hand over one letter for the one mailbox `to`. Unknown only once its text was on the way."""
        if not config_values.MAILBOX.match(to) or _has_control_characters(letter.subject):
            return _told(ports.Refused(code="bad_address"))
        if not _is_text(letter):
            return _told(ports.Refused(code="rejected"))
        content = self._content(to, letter)
        deadline = asyncio.get_running_loop().time() + self._timeout
        smtp = self._client()
        try:
            outcome = await self._announced(smtp, to, deadline) or await _handed_over(smtp, content, deadline)
            await _goodbye(smtp, deadline)
        finally:
            smtp.close()
        return _told(outcome)

    def _content(self, to: str, letter: ports.Letter) -> bytes:
        # not EmailMessage: it decodes a subject that looks encoded, and so lets line ends into the headers
        message: Message[str, str | Header] = Message(policy.compat32.clone(linesep="\r\n"))
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject")
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{secrets.token_hex(16)}@{self._domain()}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_payload(_LINE_END.sub("\r\n", letter.body), _UTF8)
        return message.as_bytes()

    def _domain(self) -> str:
        return self._sender.rpartition("@")[2]

    def _client(self) -> aiosmtplib.SMTP:
        user, password = self._login or (None, None)
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=user,
            password=password,
            # the library would ask the network for this machine's own name each time, and tell it to the server
            local_hostname=self._domain(),
            timeout=None,  # one deadline covers everything
            use_tls=self._tls == "tls",
            # never "if the server offers it": whoever sits between could take the offer away
            start_tls=self._tls == "starttls",
            tls_context=self._tls_context,
        )

    async def _announced(self, smtp: aiosmtplib.SMTP, to: str, deadline: float) -> ports.Refused | None:
        """None where the server now waits for the text. Whatever goes wrong up to here has delivered nothing."""
        try:
            async with asyncio.timeout_at(deadline):
                await smtp.connect()
                await smtp.mail(self._sender)
                await smtp.rcpt(to)
                answer = await smtp.execute_command(b"DATA")
        except aiosmtplib.SMTPRecipientRefused as error:
            # 5.7: a rule of the server's ("unable to relay"), which says nothing of the mailbox
            if error.code in _NO_MAILBOX and not error.message.startswith("5.7."):
                return ports.Refused(code="no_mailbox")
            return _refused(error.code)
        except aiosmtplib.SMTPSenderRefused as error:
            return _refused(error.code)
        except aiosmtplib.SMTPResponseException as error:
            refused = _refused(error.code)
            # whoever turns Usher away at the door has not judged the letter
            return refused if refused.retry_after is not None else _try_later("mail_unreachable")
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            _log.warning("mail_unreachable", **observability.describe(error))
            return _try_later("mail_unreachable")
        return None if answer.code == START_INPUT else _refused(answer.code)


def build_mailer(settings: config.Settings, clock: ports.Clock) -> ports.Mailer | None:
    """The mailer these settings ask for; None where no mail server is named."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    login = None
    if settings.smtp_user is not None and settings.smtp_password is not None:
        login = (settings.smtp_user, settings.smtp_password.get_secret_value())
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        clock=clock,
        tls=settings.smtp_tls,
        login=login,
    )


async def _handed_over(smtp: aiosmtplib.SMTP, content: bytes, deadline: float) -> ports.Outcome:
    # not SMTP.data: it would not say whether the text had left when something went wrong
    wire = smtp.protocol
    if wire is None or not wire.is_connected:
        return _try_later("mail_unreachable")
    text = _LEADING_DOT.sub(b"..", content)
    try:
        async with asyncio.timeout_at(deadline):
            wire.write(text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            answer = await wire.read_response()
    except (aiosmtplib.SMTPException, OSError) as error:
        return ports.Unknown(type(error).__name__)
    if 200 <= answer.code < 300:
        return ports.Accepted(None)
    if 400 <= answer.code < 600:
        return _refused(answer.code)
    return ports.Unknown(f"smtp_{answer.code}")


async def _goodbye(smtp: aiosmtplib.SMTP, deadline: float) -> None:
    """Part politely where the server still listens; what was decided stands either way."""
    until = min(deadline, asyncio.get_running_loop().time() + GOODBYE_SECONDS)
    with suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout_at(until):
            await smtp.quit()


def _refused(status: int) -> ports.Refused:
    _log.warning("mail_reply", status=status)
    if status in _NOT_SIGNED_IN:
        return _try_later("unauthorized")
    if 500 <= status < 600:
        return ports.Refused(code="rejected")
    return _try_later("mail_busy")


def _try_later(code: str) -> ports.Refused:
    return ports.Refused(code=code, retry_after=WAIT_SECONDS[code])


def _has_control_characters(line: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in line)


def _is_text(letter: ports.Letter) -> bool:
    try:
        (letter.subject + letter.body).encode()
    except UnicodeEncodeError:
        return False
    return True


def _told(outcome: ports.Outcome) -> ports.Outcome:
    match outcome:
        case ports.Unknown(reason):
            _log.warning("letter_unknown", reason=reason)
        case ports.Refused(code=code):
            # no letter reaches anybody while the mail server does not know us
            level = "error" if code == "unauthorized" else "warning"
            getattr(_log, level)("letter_refused", code=code)
    return outcome
