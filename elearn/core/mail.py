"""E-mail by the server that the settings name; without one nothing is sent."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from flask import current_app

from elearn.core import clock

SECONDS = 20


@dataclass(frozen=True)
class Letter:
    """One e-mail as plain text; `refuse_url` is where the reader switches e-mail off."""

    to: str
    subject: str
    text: str
    refuse_url: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a letter did not go out, and whether it may later."""

    words: str
    may_pass: bool = True


def is_configured() -> bool:
    """Whether the settings name a mail server."""
    return bool(current_app.config["ELEARN"].smtp_url)


def deliver(letters: Sequence[Letter]) -> list[Fault | None]:
    """Hand letters to the mail server over one connection; for each None, or why it did not go out. Never raises for a failing server."""
    if not letters:
        return []
    answers: list[Fault | None] = []
    try:
        with _connect() as server:
            for letter in letters:
                answers.append(_hand_over(server, letter))
    except (OSError, smtplib.SMTPException) as problem:
        # Also where the connection broke on leaving: what has its answer keeps it.
        left = len(letters) - len(answers)
        answers += [Fault(_words(problem))] * left
    return answers


def _connect() -> smtplib.SMTP:
    address = urlsplit(current_app.config["ELEARN"].smtp_url)
    host, context = address.hostname or "", ssl.create_default_context()
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, address.port or 587, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif address.username:
            server.close()
            raise smtplib.SMTPException("the server offers no TLS: the password is not sent in the clear")
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server


def _hand_over(server: smtplib.SMTP, letter: Letter) -> Fault | None:
    try:
        server.send_message(_message(letter))
    except smtplib.SMTPRecipientsRefused as problem:
        code, words = next(iter(problem.recipients.values()), (550, b""))
        return Fault(f"{code} {words.decode(errors='replace')}", may_pass=code < 500)
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as problem:
        return Fault(_words(problem), may_pass=problem.smtp_code < 500)
    except (ValueError, UnicodeError) as problem:  # an address that is none
        return Fault(_words(problem), may_pass=False)
    return None


def _message(letter: Letter) -> EmailMessage:
    config = current_app.config["ELEARN"]
    message = EmailMessage(policy=SMTP)
    message["From"] = config.mail_from
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=urlsplit(config.base_url).hostname)
    message["Auto-Submitted"] = "auto-generated"
    if letter.refuse_url:
        message["List-Unsubscribe"] = f"<{letter.refuse_url}>"
    message.set_content(letter.text)
    return message


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"
