"""What hooks do with a call: the same for the real one and the fake; then what a real server answers, and where none may lead."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from drumbeat.core.refusal import Refused
from drumbeat.integrations import doors
from drumbeat.integrations.fakes import HeldHooks
from drumbeat.integrations.webhooks import Call, Declined, Delivered, Hooks, HttpHooks, Lost
from tests.shared import shared

HOME = ["127.0.0.0/8"]


class Receiver(BaseHTTPRequestHandler):
    seen: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((dict(self.headers), body))
        word = self.path.strip("/")
        if word == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if word == "slow":
            threading.Event().wait(2)
        self.send_response(int(word) if word.isdigit() else 200)
        if word == "302":
            self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(b"no " * 100_000 if word == "400" else b"fine")

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Receiver.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("hooks", [HttpHooks(HOME), HeldHooks()], ids=["http", "held"])
def test_a_call_arrives_with_its_headers(url: str, hooks: Hooks) -> None:
    assert hooks.post(Call(f"{url}/200", b'{"a": 1}', {"Idempotency-Key": "step:1"})) == Delivered(200)
    if isinstance(hooks, HttpHooks):
        [(headers, body)] = Receiver.seen
        assert headers["Idempotency-Key"] == "step:1" and json.loads(body) == {"a": 1}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("201", Delivered(201)),
        ("503", (True, 503)),
        ("429", (True, 429)),
        ("400", (False, 400)),
        ("302", (False, 302)),
    ],
)
def test_what_the_answer_means(url: str, path: str, expected: object) -> None:
    verdict = HttpHooks(HOME).post(Call(f"{url}/{path}", b"{}"))
    if isinstance(verdict, Declined):
        assert (verdict.may_retry, verdict.status) == expected and len(verdict.reason) < 200
        assert len(Receiver.seen) == 1, "no redirect is followed"
    else:
        assert verdict == expected


@pytest.mark.parametrize("path", ["drop", "slow"])
def test_a_line_that_breaks_after_the_body_left_is_uncertain(url: str, path: str) -> None:
    assert isinstance(HttpHooks(HOME, timeout=0.5).post(Call(f"{url}/{path}", b"{}")), Lost)


def test_nobody_there_is_tried_again() -> None:
    verdict = HttpHooks(HOME).post(Call("http://127.0.0.1:1/", b"{}"))
    assert isinstance(verdict, Declined) and verdict.may_retry


def test_no_hostile_address_leads_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked up on this machine alone, and nothing may be connected to."""
    real = socket.getaddrinfo

    def lookup(host: str, *args: object, **more: object) -> object:
        try:
            return real(host, *args, **{**more, "flags": socket.AI_NUMERICHOST})
        except OSError:
            raise OSError("not looked up in tests") from None

    monkeypatch.setattr(doors.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(doors.socket, "create_connection", lambda *args: pytest.fail(f"connected to {args}"))
    strings = json.loads(shared("data/hostile/ssrf_url_strings_dev.json").read_text())
    for address in strings:
        verdict = HttpHooks().post(Call(address, b"{}"))
        assert isinstance(verdict, Declined), address


@pytest.mark.parametrize(
    "inside",
    ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.0.1", "0.0.0.0", "100.64.0.1", "::1", "fd00::1", "fe80::1",
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::7f00:1", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (inside, 443))]
    monkeypatch.setattr(doors.socket, "getaddrinfo", lambda *args, **more: found)
    with pytest.raises(Refused, match="inside a house"):
        HttpHooks().check("https://rebind.example/")


def test_a_second_answer_of_the_name_server_is_never_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(0, 0, 0, "", ("93.184.215.14", 443))], [(0, 0, 0, "", ("127.0.0.1", 443))]])
    spoken_to = []

    def connect(address: tuple[str, int], timeout: float) -> None:
        spoken_to.append(address)
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(doors.socket, "getaddrinfo", lambda *args, **more: next(answers))
    monkeypatch.setattr(doors.socket, "create_connection", connect)
    assert isinstance(HttpHooks().post(Call("https://rebind.example/", b"{}")), Declined)
    assert spoken_to == [("93.184.215.14", 443)]


@pytest.mark.parametrize(
    "url_", ["http://example.com/", "https://u:p@example.com/", "https://a b.example/", "ftp://x.example/"]
)
def test_what_is_no_address_of_ours_is_said(monkeypatch: pytest.MonkeyPatch, url_: str) -> None:
    monkeypatch.setattr(
        doors.socket, "getaddrinfo", lambda *args, **more: [(0, 0, 0, "", ("93.184.215.14", 443))]
    )
    with pytest.raises(Refused):
        HttpHooks().check(url_)
