"""E-mail against a real, small mail server: sent once, tried again, given up, switched off; a failing server breaks nothing."""

from __future__ import annotations

import dataclasses
import email
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest
from sqlalchemy import select, update

from elearn.config import Config
from elearn.core.db import transaction
from elearn.jobs.models import Job
from elearn.jobs.services import work_off
from elearn.lib.errors import ConfigError
from elearn.members.models import Member
from elearn.notices import services
from elearn.notices.models import NoticeCopy
from elearn.notices.services import posting

DAY = timedelta(days=1)


class Talk(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes."""

    def handle(self) -> None:
        self.say("220 mail.example")
        while line := self.rfile.readline():
            word = line.decode().strip().upper()
            if word.startswith("RCPT") and self.server.refuses:
                self.say(self.server.refuses)
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (one := self.rfile.readline()) != b".\r\n":
                    lines.append(one)
                self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=default))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as running:
        running.letters, running.refuses, running.daemon_threads = [], "", True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def mailing(app, server, people):
    """The application with a mail server; Hạnh and Bình have addresses, Lan has none."""
    app.config["ELEARN"] = dataclasses.replace(
        app.config["ELEARN"],
        smtp_url=f"smtp://127.0.0.1:{server.server_address[1]}",
        mail_from="Học tập An Sơn <hoc-tap@example.vn>",
    )
    with transaction() as session:
        for one in (people.hanh, people.binh):
            session.execute(update(Member).where(Member.id == one.member_id).values(email=f"m{one.member_id}@example.vn"))
    return app


def send(people, *names):
    now = datetime.now(UTC)
    with transaction() as session:
        services.notify(
            session, (None, "Hệ thống"), "campaign", 7, [getattr(people, name).member_id for name in names], "Nhắc nộp kế hoạch",
            "Hạn nộp 15/6.", "/campaigns/7", now, DAY,
        )  # fmt: skip
    return now


def states(session):
    session.rollback()
    return dict(tuple(row) for row in session.execute(select(NoticeCopy.member_id, NoticeCopy.mail_state)))


def test_it_sends_to_who_has_an_address_and_wants_it(mailing, server, session, people):
    services.choose_mail((people.binh.member_id, people.binh.name), False, datetime.now(UTC))
    now = send(people, "hanh", "binh", "lan")
    assert posting.queue_mail(now + timedelta(seconds=1))
    assert not posting.queue_mail(now + timedelta(seconds=1)), "it waits already"
    work_off()
    assert states(session) == {people.hanh.member_id: "sent", people.binh.member_id: "", people.lan.member_id: ""}
    (letter,) = server.letters
    assert letter["Subject"] == "Nhắc nộp kế hoạch"
    assert letter["To"] == f"m{people.hanh.member_id}@example.vn"
    text = letter.get_content()
    assert "Hạn nộp 15/6." in text
    assert "http://127.0.0.1:8000/campaigns/7" in text
    assert letter["List-Unsubscribe"] == "<http://127.0.0.1:8000/notices#mail>"
    work_off()
    assert len(server.letters) == 1


def test_it_tries_again_where_the_server_says_later(mailing, server, session, people):
    server.refuses = "451 come back later"
    now = send(people, "hanh")
    posting.queue_mail(now + timedelta(seconds=1))
    work_off()
    copy = session.scalar(select(NoticeCopy))
    assert (copy.mail_state, copy.mail_tries) == ("waiting", 1)
    assert "451" in copy.mail_error
    assert not posting.is_due(now + timedelta(minutes=4))
    assert posting.is_due(now + timedelta(minutes=6))


def test_it_gives_up_an_address_that_is_refused_for_good(mailing, server, session, people):
    server.refuses = "550 no such user"
    now = send(people, "hanh")
    posting.queue_mail(now + timedelta(seconds=1))
    work_off()
    assert states(session) == {people.hanh.member_id: "failed"}


def test_it_breaks_nothing_where_the_server_is_down(mailing, server, session, people):
    mailing.config["ELEARN"] = dataclasses.replace(mailing.config["ELEARN"], smtp_url="smtp://127.0.0.1:1")
    now = send(people, "hanh", "binh")
    posting.queue_mail(now + timedelta(seconds=1))
    work_off()
    assert set(states(session).values()) == {"waiting"}
    assert session.scalar(select(Job.result)) == {"sent": 0, "failed": 2}


def test_it_stops_what_waits_when_a_person_switches_mail_off(mailing, as_, session, people):
    send(people, "hanh")
    page = as_("hanh").get("/notices").get_data(as_text=True)
    assert "Tắt thư điện tử" in page
    as_("hanh").post("/notices/mail", data={"mail": "off"})
    assert states(session) == {people.hanh.member_id: ""}
    assert "Bật thư điện tử" in as_("hanh").get("/notices").get_data(as_text=True)
    as_("hanh").post("/notices/mail", data={"mail": "on"})
    assert "Tắt thư điện tử" in as_("hanh").get("/notices").get_data(as_text=True)


def test_it_speaks_of_mail_only_where_there_is_a_server(as_):
    assert "Tắt thư điện tử" not in as_("hanh").get("/notices").get_data(as_text=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"ELEARN_SMTP_URL": "mail.example"},
        {"ELEARN_SMTP_URL": "smtp://mail.example"},
        {"ELEARN_SMTP_URL": "http://x", "ELEARN_MAIL_FROM": "a@b"},
    ],
)
def test_it_refuses_settings_that_cannot_work(settings):
    with pytest.raises(ConfigError):
        Config.from_environment(settings)
