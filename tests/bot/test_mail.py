"""Letters: what arrives at a real mail server, and every way one can answer, told as accepted, refused or unknown."""

from __future__ import annotations

import asyncio
import datetime
import email
import ipaddress
import re
import socket
import ssl
import struct
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd import smtp as aiosmtpd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bot import config, mail
from casework import ports
from tests.fakes import FixedClock

HERE = "127.0.0.1"
SENDER = "usher@council.example"
TO = "mary.o'brien+panel@council.example"
LETTER = ports.Letter("Something waits for you in Teams", "Open Usher in Teams.\n\nUsher – children’s services\n")
UNREACHABLE = ports.Refused(code="mail_unreachable", retry_after=60)
BUSY = ports.Refused(code="mail_busy", retry_after=300)
UNAUTHORIZED = ports.Refused(code="unauthorized", retry_after=300)
REJECTED = ports.Refused(code="rejected")
NO_MAILBOX = ports.Refused(code="no_mailbox")
BAD_ADDRESS = ports.Refused(code="bad_address")


@dataclass
class Arrived:
    """One letter as the server took it."""

    sender: str
    recipients: list[str]
    content: bytes
    has_tls: bool
    user: object

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        plain: Message = email.message_from_bytes(self.content)
        return str(make_header(decode_header(plain["Subject"])))


@dataclass
class Post:
    """What a real mail server is to do, and what it took."""

    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    greeted_as: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, _: object, session: aiosmtpd.Session, __: object, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted_as.append(hostname)
        return replies

    async def handle_DATA(self, _: object, session: aiosmtpd.Session, envelope: aiosmtpd.Envelope) -> str:
        assert envelope.original_content is not None
        self.arrived.append(
            Arrived(
                sender=str(envelope.mail_from),
                recipients=envelope.rcpt_tos,
                content=envelope.original_content,
                has_tls=session.ssl is not None,
                user=session.auth_data,
            )
        )
        return "250 Taken"


class Clerk(aiosmtpd.SMTP):
    """One connection, which tells when it has ended."""

    def __init__(self, post: Post, **options: Any) -> None:
        super().__init__(post, hostname="mail.test", loop=asyncio.get_running_loop(), **options)
        self.gone = asyncio.Event()
        self.gone.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.gone.clear()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.gone.set()


@asynccontextmanager
async def post_office(*, tls_from_start: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Post]:
    """A real mail server on this machine."""
    post = Post()
    clerks: list[Clerk] = []

    def clerk() -> Clerk:
        clerks.append(Clerk(post, **options))
        return clerks[-1]

    server = await asyncio.get_running_loop().create_server(clerk, HERE, 0, ssl=tls_from_start)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        async with asyncio.timeout(5):
            for one in clerks:
                await one.gone.wait()


HANGS = "hangs"
RESETS = "resets"
CLOSES = "closes"
GOOD = {
    "": "220 mail.test",
    "EHLO": "250 mail.test",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 Go on",
    "text": "",
    ".": "250 Taken",
    "QUIT": "221 Bye",
}


@dataclass
class Script:
    """A server that answers each command by the table: "" is the greeting, "text" the first line, "." the last."""

    answers: Mapping[str, str]
    port: int = 0
    heard: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)
    talks: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.append(asyncio.ensure_future(self._talk(reader, writer)))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await self._listen(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_open = await self._say("", reader, writer)
        is_text = False
        while is_open and (line := await reader.readline()):
            verb = line[:4].decode("ascii", "replace").strip().upper()
            if not is_text:
                self.heard.append(verb)
                self.commands.append(line.decode("ascii", "replace").removesuffix("\r\n"))
                is_open = await self._say(verb, reader, writer)
                is_text = verb == "DATA" and self.answers["DATA"].startswith("354")
            elif line == b".\r\n":
                is_text = False
                is_open = await self._say(".", reader, writer)
            elif "text" not in self.heard:
                self.heard.append("text")
                is_open = await self._say("text", reader, writer)

    async def _say(self, step: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        answer = self.answers.get(step, "502 What?")
        if answer == HANGS:
            self.hangs.set()
            await reader.read()
        elif answer == RESETS:
            # a reset, not a polite end
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        elif answer != CLOSES:
            writer.write(f"{answer}\r\n".encode("latin-1") if answer else b"")
            return True
        return False


@asynccontextmanager
async def scripted(step: str, answer: str, **more: str) -> AsyncIterator[Script]:
    """A server that does well, but for one step, and what `more` says."""
    script = Script(GOOD | {step: answer} | more)
    server = await asyncio.start_server(script.begin, HERE, 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        async with asyncio.timeout(5):
            await asyncio.gather(*script.talks)


def mailer(port: int, **options: Any) -> mail.SmtpMailer:
    usual: dict[str, Any] = {"host": HERE, "sender": SENDER, "clock": FixedClock(), "tls": "none", "timeout": 5}
    return mail.SmtpMailer(port=port, **(usual | options))


async def test_a_letter_arrives_as_written_and_is_accepted() -> None:
    async with post_office() as post:
        outcome = await mailer(post.port).send(TO, LETTER)

    assert outcome == ports.Accepted(None)
    (arrived,) = post.arrived
    assert (arrived.sender, arrived.recipients) == (SENDER, [TO])
    assert arrived.message.get_content() == LETTER.body.replace("\n", "\r\n")
    assert arrived.message.get_content_type() == "text/plain"
    headers = dict(arrived.message.items())
    assert re.fullmatch(r"<[0-9a-f]{32}@council\.example>", headers.pop("Message-ID"))
    assert headers == {
        "From": SENDER,
        "To": TO,
        "Subject": LETTER.subject,
        "Date": "Mon, 23 Nov 2026 12:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert arrived.content.isascii()


async def test_the_server_learns_the_council_s_name_and_not_the_machine_s() -> None:
    async with post_office() as post:
        await mailer(post.port).send(TO, LETTER)

    assert post.greeted_as == ["council.example"]


async def test_each_letter_has_an_id_of_its_own() -> None:
    async with post_office() as post:
        for _ in range(3):
            await mailer(post.port).send(TO, LETTER)

    assert len({arrived.message["Message-ID"] for arrived in post.arrived}) == 3


@pytest.mark.parametrize(
    "letter",
    [
        ports.Letter("=?utf-8?q?x=0ABcc=3A_other=40evil.example?=", "=?utf-8?q?x?="),
        ports.Letter("", ""),
        ports.Letter("  two  blanks  ", ".\n..\n.dot\n\n.\n"),
        ports.Letter("Grüße – 👋" * 30, "x" * 3000 + "\n" + "–" * 3000),
        ports.Letter("From here", "From here\n>From there\nSubject: no header \t\n"),
        ports.Letter("lines", "one\rtwo\r\nthree\n\rfour\x00\x85\u2028five"),
    ],
)
async def test_an_odd_letter_arrives_as_written(letter: ports.Letter) -> None:
    await _arrives(letter)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])),
    st.text(st.characters(exclude_categories=["Cs"])),
)
async def test_any_letter_arrives_as_written(subject: str, body: str) -> None:
    await _arrives(ports.Letter(subject, body))


async def _arrives(letter: ports.Letter) -> None:
    async with post_office() as post:
        assert await mailer(post.port).send(TO, letter) == ports.Accepted(None)

    (arrived,) = post.arrived
    lines = re.sub(r"\r\n|\r|\n", "\r\n", letter.body)
    # a letter ends with its line
    assert arrived.message.get_content().removesuffix("\r\n") == lines.removesuffix("\r\n")
    assert arrived.subject == letter.subject
    assert sorted(arrived.message.keys()) == [
        *("Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version"),
        *("Message-ID", "Subject", "To"),
    ]
    assert max(map(len, arrived.content.splitlines())) <= 78


ATOMS = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?", fullmatch=True, alphabet="ab09-")


@given(st.lists(ATOMS, min_size=1, max_size=3), st.lists(LABELS, min_size=1, max_size=4))
async def test_every_plain_mailbox_reaches_the_server_unchanged(atoms: list[str], labels: list[str]) -> None:
    address = f"{'.'.join(atoms)}@{'.'.join(labels)}.example"
    async with scripted("QUIT", CLOSES) as script:
        assert await mailer(script.port).send(address, LETTER) == ports.Accepted(None)

    assert script.commands == ["EHLO council.example", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{address}>", "DATA", "QUIT"]


@pytest.mark.parametrize(
    "address",
    [
        *("", "@", "mary", "mary@", "@council.example", "mary@council", "mary@@council.example", "mary@[127.0.0.1]"),
        *("mary@council.example\n", "mary@council.example\r\nBcc: other@evil.example", "mary\n@council.example"),
        *(
            "mary@council.example,other@evil.example",
            "mary@council.example other@evil.example",
            "mary @council.example",
        ),
        *("Mary <mary@council.example>", "<mary@council.example>", '"mary"@council.example', "mary@council.example>"),
        *("märy@council.example", "mary@cöuncil.example", ".mary@council.example", "mary..b@council.example"),
        *("mary@council..example", "mary@-council.example", "mary@council.example.", f"{'m' * 65}@council.example"),
        *(f"mary@{'c' * 64}.example", f"mary@{'council.' * 40}example", "mary@council.example\0", "mary@10.0.0.1"),
    ],
)
async def test_what_is_no_single_mailbox_is_refused_before_anybody_is_asked(address: str) -> None:
    async with scripted("", GOOD[""]) as script:
        assert await mailer(script.port).send(address, LETTER) == BAD_ADDRESS

    assert script.heard == []


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\0", "\x85", "\u2028", "\x1b"])
async def test_a_subject_of_more_than_a_line_is_refused(end: str) -> None:
    async with scripted("", GOOD[""]) as script:
        outcomes = [
            await mailer(script.port).send(TO, ports.Letter(subject, "body"))
            for subject in (f"one{end}Bcc: other@evil.example", f"one{end}", end)
        ]

    assert outcomes == [BAD_ADDRESS] * 3
    assert script.heard == []


@pytest.mark.parametrize("letter", [ports.Letter("\ud800", "body"), ports.Letter("subject", "\udc80")])
async def test_a_letter_that_is_no_text_is_rejected(letter: ports.Letter) -> None:
    async with scripted("", GOOD[""]) as script:
        assert await mailer(script.port).send(TO, letter) == REJECTED

    assert script.heard == []


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("", "421 Not now", BUSY),
        ("", "554 Not you", UNREACHABLE),
        ("EHLO", "421 Not now", BUSY),
        ("EHLO", "550 Not you", UNREACHABLE),
        ("MAIL", "451 Not now", BUSY),
        ("MAIL", "530 5.7.57 Not authenticated", UNAUTHORIZED),
        ("MAIL", "550 5.7.60 Not that sender", REJECTED),
        ("RCPT", "421 Not now", BUSY),
        ("RCPT", "450 Greylisted", BUSY),
        ("RCPT", "550 5.1.1 Nobody", NO_MAILBOX),
        ("RCPT", "550 5.7.54 Unable to relay", REJECTED),
        ("RCPT", "551 Moved", NO_MAILBOX),
        ("RCPT", "552 Full", REJECTED),
        ("RCPT", "553 No such name", NO_MAILBOX),
        ("RCPT", "554 No", REJECTED),
        ("RCPT", "251 Forwarded", ports.Accepted(None)),
        ("DATA", "250 What?", BUSY),
        ("DATA", "451 Not now", BUSY),
        ("DATA", "554 No", REJECTED),
        (".", "250 Taken", ports.Accepted(None)),
        (".", "252 Perhaps", ports.Accepted(None)),
        (".", "354 More", ports.Unknown("smtp_354")),
        (".", "421 Not now", BUSY),
        (".", "450 Not now", BUSY),
        (".", "452 Full", BUSY),
        (".", "550 Spam", REJECTED),
        (".", "552 Too large", REJECTED),
        (".", "554 No", REJECTED),
        (".", "999 Odd", ports.Unknown("smtp_999")),
        (".", "nonsense", ports.Unknown("SMTPResponseException")),
        ("QUIT", "500 Stay", ports.Accepted(None)),
    ],
)
async def test_an_answer_is_told_as_an_outcome(step: str, answer: str, expected: ports.Outcome) -> None:
    async with scripted(step, answer) as script:
        assert await mailer(script.port).send(TO, LETTER) == expected


BEFORE_THE_TEXT = ["", "EHLO", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("step", BEFORE_THE_TEXT)
async def test_a_server_that_hangs_before_the_text_has_delivered_nothing(step: str) -> None:
    async with scripted(step, HANGS) as script, asyncio.timeout(2):
        assert await mailer(script.port, timeout=0.1).send(TO, LETTER) == UNREACHABLE


@pytest.mark.parametrize("fault", [RESETS, CLOSES])
@pytest.mark.parametrize("step", BEFORE_THE_TEXT)
async def test_a_connection_lost_before_the_text_has_delivered_nothing(step: str, fault: str) -> None:
    async with scripted(step, fault) as script:
        assert await mailer(script.port).send(TO, LETTER) == UNREACHABLE

    assert "text" not in script.heard


@pytest.mark.parametrize("step", ["text", "."])
async def test_a_server_that_hangs_after_the_text_leaves_it_unknown(step: str) -> None:
    async with scripted(step, HANGS) as script, asyncio.timeout(2):
        assert await mailer(script.port, timeout=0.1).send(TO, LETTER) == ports.Unknown("TimeoutError")


@pytest.mark.parametrize("fault", [RESETS, CLOSES])
@pytest.mark.parametrize("step", ["text", "."])
async def test_a_connection_lost_after_the_text_leaves_it_unknown(step: str, fault: str) -> None:
    async with scripted(step, fault) as script:
        assert isinstance(await mailer(script.port).send(TO, LETTER), ports.Unknown)


@pytest.mark.parametrize("fault", [HANGS, RESETS, CLOSES])
async def test_a_letter_taken_stays_taken_whatever_the_parting(fault: str) -> None:
    async with scripted("QUIT", fault) as script, asyncio.timeout(2):
        assert await mailer(script.port, timeout=0.3).send(TO, LETTER) == ports.Accepted(None)


@pytest.mark.parametrize("step", ["RCPT", "."])
async def test_a_send_cut_short_closes_its_connection(step: str) -> None:
    async with scripted(step, HANGS) as script:
        sending = asyncio.create_task(mailer(script.port, timeout=60).send(TO, LETTER))
        await script.hangs.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


@pytest.mark.parametrize("step", [*BEFORE_THE_TEXT, "text", ".", "QUIT"])
@pytest.mark.parametrize("noise", ["nonsense", "\xff\xfe\x00", "25", "250-", "x" * 9000, "250-a\r\n" * 9000, "-1 no"])
async def test_no_answer_makes_it_raise(step: str, noise: str) -> None:
    async with scripted(step, noise) as script:
        outcome = await mailer(script.port, timeout=0.1).send(TO, LETTER)

    if step in BEFORE_THE_TEXT:
        assert isinstance(outcome, ports.Refused)
        assert outcome.retry_after is not None


async def test_a_closed_port_is_tried_later() -> None:
    with socket.socket() as closed:
        closed.bind((HERE, 0))

        assert await mailer(closed.getsockname()[1]).send(TO, LETTER) == UNREACHABLE


async def test_a_server_nobody_knows_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nobody)

    assert await mailer(25, host="mail.council.example").send(TO, LETTER) == UNREACHABLE


@dataclass(frozen=True)
class Certificate:
    """A certificate of our own for this machine, and both ends' TLS with it."""

    pem: bytes
    private: bytes

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "mail.pem"
            file.write_bytes(self.pem + self.private)
            context.load_cert_chain(file)
        return context

    def client(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.pem.decode())
        return context


def certificate(address: str = HERE) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fake mail")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(signed.public_bytes(serialization.Encoding.PEM), private)


async def test_starttls_carries_the_letter_under_a_trusted_certificate() -> None:
    ours = certificate()
    async with post_office(tls_context=ours.server(), require_starttls=True) as post:
        outcome = await mailer(post.port, tls="starttls", tls_context=ours.client()).send(TO, LETTER)

    assert outcome == ports.Accepted(None)
    assert [arrived.has_tls for arrived in post.arrived] == [True]


async def test_tls_from_the_first_byte_carries_the_letter() -> None:
    ours = certificate()
    async with post_office(tls_from_start=ours.server()) as post:
        outcome = await mailer(post.port, tls="tls", tls_context=ours.client()).send(TO, LETTER)

    assert (outcome, len(post.arrived)) == (ports.Accepted(None), 1)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("trust", ["the machine's authorities", "another certificate", "another address"])
async def test_a_certificate_that_can_not_be_trusted_gets_no_letter(tls: str, trust: str) -> None:
    ours = certificate("127.0.0.2" if trust == "another address" else HERE)
    trusted = {"another certificate": certificate().client(), "another address": ours.client()}.get(trust)
    options = {"tls_context": ours.server()} if tls == "starttls" else {"tls_from_start": ours.server()}
    async with post_office(**options) as post:
        outcome = await mailer(post.port, tls=tls, tls_context=trusted).send(TO, LETTER)

    assert (outcome, post.arrived) == (UNREACHABLE, [])


@pytest.mark.parametrize("login", [None, ("usher", "hush")])
@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_server_without_tls_gets_neither_password_nor_letter(tls: str, login: tuple[str, str] | None) -> None:
    async with scripted("EHLO", "250-mail.test\r\n250 AUTH PLAIN") as script:
        outcome = await mailer(script.port, tls=tls, login=login, timeout=0.3).send(TO, LETTER)

    assert outcome == UNREACHABLE
    assert {"AUTH", "MAIL", "text"}.isdisjoint(script.heard)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        *((HANGS, UNREACHABLE), (RESETS, UNREACHABLE), (CLOSES, UNREACHABLE)),
        *(("220 and then silence", UNREACHABLE), ("454 Not now", BUSY), ("502 What?", UNREACHABLE)),
    ],
)
async def test_starttls_that_comes_to_nothing_is_tried_later(answer: str, expected: ports.Outcome) -> None:
    async with scripted("EHLO", "250-mail.test\r\n250 STARTTLS", STAR=answer) as script, asyncio.timeout(2):
        outcome = await mailer(script.port, tls="starttls", timeout=0.3).send(TO, LETTER)

    assert outcome == expected
    assert {"AUTH", "MAIL", "text"}.isdisjoint(script.heard)


@pytest.mark.parametrize(("password", "expected"), [("hush", ports.Accepted(None)), ("wrong", UNAUTHORIZED)])
async def test_a_user_signs_in_under_tls(password: str, expected: ports.Outcome) -> None:
    def check(_: object, __: object, ___: object, ____: str, given: aiosmtpd.LoginPassword) -> aiosmtpd.AuthResult:
        is_right = given == (b"usher", b"hush")
        return aiosmtpd.AuthResult(success=is_right, handled=False, auth_data=given.login)

    ours = certificate()
    async with post_office(tls_context=ours.server(), auth_required=True, authenticator=check) as post:
        sender = mailer(post.port, tls="starttls", tls_context=ours.client(), login=("usher", password))
        outcome = await sender.send(TO, LETTER)

    assert outcome == expected
    assert [arrived.user for arrived in post.arrived] == ([b"usher"] if password == "hush" else [])


async def test_a_letter_without_the_user_the_server_wants_is_tried_later() -> None:
    ours = certificate()
    async with post_office(tls_context=ours.server(), auth_required=True) as post:
        outcome = await mailer(post.port, tls="starttls", tls_context=ours.client()).send(TO, LETTER)

    assert (outcome, post.arrived) == (UNAUTHORIZED, [])


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", f"550 No such user {TO}"),
        ("MAIL", f"554 Not from {SENDER}"),
        (".", f"554 {TO}"),
        (".", RESETS),
        ("DATA", HANGS),
        ("RCPT", f"nonsense {TO}"),
        (".", f"nonsense {TO}"),
    ],
)
async def test_logs_hold_no_address(step: str, answer: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as lines:
        async with scripted(step, answer) as script:
            await mailer(script.port, timeout=0.1).send(TO, LETTER)
            await mailer(script.port, timeout=0.1).send(f"{TO}\n", LETTER)

    assert [line for line in lines if line["event"] in {"letter_refused", "letter_unknown"}] != []
    assert [line for line in lines if "@" in repr(line) or "brien" in repr(line)] == []
    assert "brien" not in caplog.text


def settings(**given: str) -> config.Settings:
    return config.Settings.from_env({"USHER_ENV": "development"} | given)


def test_without_a_host_there_is_no_mailer() -> None:
    assert mail.build_mailer(settings(USHER_SMTP_FROM=SENDER), FixedClock()) is None


async def test_the_mailer_of_the_settings_sends() -> None:
    async with post_office() as post:
        given = {"USHER_SMTP_HOST": HERE, "USHER_SMTP_PORT": str(post.port), "USHER_SMTP_FROM": SENDER}
        built = mail.build_mailer(settings(**given, USHER_SMTP_TLS="none"), FixedClock())
        assert built is not None

        assert await built.send(TO, LETTER) == ports.Accepted(None)


async def test_the_mailer_of_the_settings_asks_for_tls_and_trust() -> None:
    ours = certificate()
    async with post_office(tls_context=ours.server()) as post:
        given = {"USHER_SMTP_HOST": HERE, "USHER_SMTP_PORT": str(post.port), "USHER_SMTP_FROM": SENDER}
        login = {"USHER_SMTP_USER": "usher", "USHER_SMTP_PASSWORD": "hush"}
        built = mail.build_mailer(settings(**given, **login), FixedClock())
        assert built is not None

        assert await built.send(TO, LETTER) == UNREACHABLE
    assert post.arrived == []
