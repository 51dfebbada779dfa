"""The tiny record that tests share: two invented ports, two papers that report of them, nine passages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kg.store import Store

TINY = Path(__file__).resolve().parent / "data" / "tiny"

#: Runs ``kg`` as a user would: arguments in, a finished process out.
Kg = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tiny_record() -> Path:
    """The folder of the tiny record."""
    return TINY


@pytest.fixture
def tiny() -> Iterator[Store]:
    """The tiny record, open."""
    with Store.open(str(TINY)) as store:
        yield store


def environment(**also: str) -> dict[str, str]:
    """An environment in which ``kg`` finds the tiny record and no setting of the developer's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KG_") and k != "NO_COLOR"}
    return kept | {"KG_RECORD": str(TINY)} | also


@pytest.fixture
def run_kg() -> Kg:
    """``run_kg("show", "tan")`` on the tiny record."""

    def run(
        *arguments: str, text: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kg", *arguments],
            input=text,
            capture_output=True,
            encoding="utf-8",
            env=env or environment(),
            timeout=60,
            check=False,
        )

    return run


class Listener:
    """A server on this machine that counts who calls, and answers as it is told.

    :ivar calls: ``(method, path, headers, body)`` of every request
    :ivar answer: ``(status, headers, body)`` for the next ones
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, str], str]] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def _reply(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                listener.calls.append((self.command, self.path, dict(self.headers), body))
                status, headers, payload = listener.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = _reply

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server to notice requests that must not be made, or to play an endpoint."""
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()
