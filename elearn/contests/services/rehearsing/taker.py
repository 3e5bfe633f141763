"""One person with one connection: as little of the driver's own CPU as possible, so that the server is what is measured."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any
from urllib.parse import urlencode

TIMEOUT = 60


class Refused(Exception):
    """The server answered otherwise than a journey expects."""


def some_response(control: dict[str, Any], turn: int) -> Any:
    """Something that may be answered to a question of this kind; None where nothing can be invented."""
    kind = control["kind"]
    if kind == "radio":
        return "AB"[turn % 2]
    if kind == "checkbox":
        return ["AB"[turn % 2]]
    return {"text": "thử", "number": "5"}.get(kind)


class Taker:
    """Sits papers; `latencies` holds the seconds from sending each answer to its acknowledgement."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.port, self.login, self.password = port, login, password
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.latencies: list[float] = []
        self.paper: dict[str, Any] = {}
        self.saves = 0
        self._socket: socket.socket | None = None

    def call(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of the answer."""
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            head += [f"Content-Type: {kind}", f"X-CSRFToken: {self.csrf}"]
        head += [f"Content-Length: {len(body)}", "\r\n"]
        request = "\r\n".join(head).encode() + body
        try:
            begun = self._send(request)
        except OSError:
            begun = b""
        if not begun:  # the server has closed a connection that lay idle: as browsers do, once more on a new one
            self._socket = None
            begun = self._send(request)
        return self._read(begun)

    def _send(self, request: bytes) -> bytes:
        """Send the request; return the first piece of the answer, empty where the server has hung up."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        return self._socket.recv(65536)

    def _read(self, data: bytes) -> tuple[int, str, dict[str, str]]:
        assert self._socket is not None
        while b"\r\n\r\n" not in data:
            more = self._socket.recv(65536) if data else b""
            if not more:
                raise Refused("the server closed the connection")
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition("=")
                self.cookies[cookie] = content.split(";", 1)[0]
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += self._socket.recv(65536)
        return int(first.split(" ", 2)[1]), rest.decode(), headers

    def page(self, path: str) -> str:
        """The text of a page."""
        status, text, _ = self.call("GET", path)
        if status != 200:
            raise Refused(f"GET {path}: {status}")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return text

    def form(self, path: str, **values: str) -> str:
        """Send a form; return the path to which it leads."""
        body = urlencode({"csrf_token": self.csrf, **values}).encode()
        status, text, headers = self.call("POST", path, body, "application/x-www-form-urlencoded")
        if status not in (302, 303):
            raise Refused(f"POST {path}: {status} {text[:200]}")
        return headers["location"].removeprefix(f"http://127.0.0.1:{self.port}")

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send JSON as the sitting page does."""
        status, text, _ = self.call("POST", path, json.dumps(body).encode(), "application/json")
        if status != 200:
            raise Refused(f"POST {path}: {status} {text[:200]}")
        answer: dict[str, Any] = json.loads(text)
        return answer

    def sign_in(self) -> None:
        """By the form, with the password."""
        self.page("/sign-in")
        self.form("/sign-in", login=self.login, password=self.password)

    def start(self, contest: str, number: int) -> None:
        """Open the contest and the round, begin, and get the paper."""
        self.page(f"/contests/{contest}")
        self.page(f"/contests/{contest}/rounds/{number}")
        self.get_paper(self.form(f"/contests/{contest}/rounds/{number}/enter"))

    def get_paper(self, place: str) -> None:
        """Load the sitting page and take hold of the attempt, as the page does by itself."""
        text = self.page(place)
        found = re.search(r'<script type="application/json" id="attempt">(.*?)</script>', text, re.DOTALL)
        if found is None:
            raise Refused(f"{place} holds no paper")
        self.paper = json.loads(found[1])
        self.csrf, self.saves = self.paper["csrf"], 0
        self.post(self.paper["urls"]["hold"], {"holder": f"bench-{self.login}"})

    def save(self, slot: int) -> None:
        """Answer one question; the time to its acknowledgement is kept."""
        self.saves += 1
        response = some_response(self.paper["paper"]["questions"][slot - 1]["control"], self.saves)
        body = {"slot": slot, "response": response, "client_seq": self.saves, "key": f"{self.login}-{self.saves}"}
        began = time.perf_counter()
        answer = self.post(self.paper["urls"]["responses"], {**body, "holder": f"bench-{self.login}"})
        self.latencies.append(time.perf_counter() - began)
        if "receipt" not in answer:
            raise Refused(f"an answer without a receipt: {answer}")

    def answer_all(self) -> None:
        """Answer every question, one after the other."""
        for slot in range(1, len(self.paper["paper"]["questions"]) + 1):
            self.save(slot)

    def submit(self) -> None:
        self.post(self.paper["urls"]["submit"], {"key": f"{self.login}-submit"})

    def sit(self, contest: str, number: int) -> None:
        """The journey of somebody signed in: from the contest's page to the result."""
        self.start(contest, number)
        self.answer_all()
        self.submit()
        self.page(self.paper["urls"]["result"])

    def leave(self) -> None:
        """Close the connection and forget the sign-in."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self.cookies = None, {}
