"""Three servers behind a proxy: one that is killed under a page costs its reader nothing, and what is too much is refused."""

import http.client
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from patience import SOON
from playwright.sync_api import Browser, Page, expect
from server import ROOT, end, free_port
from test_hard_places import coming_back, open_first
from waiting import STARTED_WITHIN, healthy, until

if not shutil.which("haproxy"):
    pytest.skip("no haproxy on this machine: apt-get install haproxy", allow_module_level=True)

PROXY = ("haproxy", "-f", "deploy/haproxy.cfg")
REPLICAS = ("bash", "deploy/replicas.sh")
MOST = 20 << 20  # bytes of a file
PICTURE = ROOT / "docs/story.png"


@contextmanager
def running(command: tuple[str, ...], log: Path, **environment: str) -> Iterator[tuple[str, list[int]]]:
    """The proxy's address, and the ports of its servers."""
    ports = [free_port() for _ in range(4)]
    places = {"LISTEN": f"127.0.0.1:{ports[0]}"} | {f"REPLICA_{k}": f"127.0.0.1:{ports[k]}" for k in (1, 2, 3)}
    with ExitStack() as stack:
        output = stack.enter_context(log.open("w"))
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | places | environment, stdout=output, stderr=output)
        stack.callback(end, process)
        yield f"http://127.0.0.1:{ports[0]}", ports[1:]


def serving(port: int) -> list[int]:
    """The processes that were told to serve at this port."""
    option = f"--server.port\0{port}\0".encode()
    return [int(each.parent.name) for each in Path("/proc").glob("[0-9]*/cmdline") if option in command_of(each)]


def command_of(process: Path) -> bytes:
    try:
        return process.read_bytes()
    except OSError:  # it has ended
        return b""


def test_a_page_goes_on_with_all_it_holds_where_its_server_is_killed(browser: Browser, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with running(REPLICAS, log) as (url, ports):
        until(lambda: all(healthy(f"http://127.0.0.1:{port}") for port in ports), STARTED_WITHIN, log.read_text)
        until(lambda: healthy(url), STARTED_WITHIN, log.read_text)
        context = browser.new_context(base_url=url)
        context.set_default_timeout(STARTED_WITHIN * 1_000)
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
        open_first(page, "/gradient?n=32&view=One+outer+product")
        pick(page, "100")
        first = replica_of(page)
        (process,) = serving(ports[first])
        with coming_back(page):
            os.kill(process, signal.SIGKILL)
        assert replica_of(page) != first
        expect(page.get_by_role("heading", level=1)).to_contain_text("Every image adds one outer product")
        pick(page, "10")
        page.go_back()
        expect(page).to_have_url(re.compile("n=100&view=One"))
        until(lambda: healthy(f"http://127.0.0.1:{ports[first]}"), STARTED_WITHIN, log.read_text)  # it was begun again
        page.get_by_text("More", exact=True).first.click()
        page.get_by_role("button", name="Your own images").click()
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(PICTURE)  # goes where its session is
        expect(page.get_by_text("What is on 1 picture is not known")).to_be_visible()
        assert not refused
        context.close()
    assert not any(serving(port) for port in ports), "a server is left"


def pick(page: Page, count: str) -> None:
    page.get_by_role("radiogroup", name="Quick picks").get_by_role("radio", name=count, exact=True).click()
    expect(page).to_have_url(re.compile(f"n={count}&"))


def replica_of(page: Page) -> int:
    """Which of the three has the page, from 0."""
    (number,) = [each["value"] for each in page.context.cookies() if each["name"] == "mnistgrad-server"]
    return int(number) - 1


def test_what_is_too_much_is_refused_and_a_reader_told_that_there_is_no_room(tmp_path: Path) -> None:
    """Where no server has room: none is there."""
    log = tmp_path / "log.txt"
    with running(PROXY, log, EMBEDDED_BY="school.example") as (url, _):
        until(lambda: answer(url, "/")[0] == 503, STARTED_WITHIN, log.read_text)
        assert "The dashboard is busy" in answer(url, "/gradient?n=10")[1]
        assert framed_by(url, "/gradient?n=10") == "'self'" and framed_by(url, "/?n=10&embed=true") == "school.example"
        assert answer(url, "/_proxy/health")[0] == 200
        assert answer(url, "/_stcore/upload_file/a/b", "PUT", {"Content-Length": str(MOST + (2 << 20))})[0] == 413
        asked = [answer(url, "/_stcore/upload_file/a/b", "PUT", {"Content-Length": "0"})[0] for _ in range(102)]
        assert asked[0] == 503 and asked[-1] == 429


def test_every_answer_has_the_headers_of_the_proxy_and_a_cookie_over_tls_is_for_tls_alone(tmp_path: Path) -> None:
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Stub) as stub,
        running(PROXY, tmp_path / "log.txt", REPLICA_1=place(stub)) as (url, _),
    ):
        Thread(target=stub.serve_forever, daemon=True).start()
        until(lambda: answer(url, "/")[0] == 200, STARTED_WITHIN, (tmp_path / "log.txt").read_text)
        plain, over_tls = heads(url, "/"), heads(url, "/", {"X-Forwarded-Proto": "https"})
        stub.shutdown()
    for found in (plain, over_tls):
        assert found["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self' blob: 'sha256-")
        assert found["X-Content-Type-Options"] == "nosniff" and found["Referrer-Policy"] == "same-origin"
        assert all(
            f"{power}=()" in found["Permissions-Policy"] for power in ("camera", "geolocation", "microphone", "payment", "usb")
        )
        assert "Server" not in found and "HttpOnly" in found["Set-Cookie"]
    assert "Secure" not in plain["Set-Cookie"]
    assert over_tls["Set-Cookie"].endswith("; Secure; SameSite=None; Partitioned")


class Stub(BaseHTTPRequestHandler):
    """A server that says yes to everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


def place(stub: ThreadingHTTPServer) -> str:
    return f"127.0.0.1:{stub.server_port}"


def test_a_server_whose_name_nobody_knows_is_no_reason_not_to_start() -> None:
    known = {"LISTEN": f"127.0.0.1:{free_port()}", "REPLICA_1": "nobody.invalid:8501"}
    checked = subprocess.run(("haproxy", "-c", *PROXY[1:]), cwd=ROOT, env=os.environ | known, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def framed_by(url: str, path: str) -> str:
    """The sites that may show the page in a frame, as the answer's head has it."""
    return heads(url, path)["Content-Security-Policy"].partition("frame-ancestors ")[2]


def heads(url: str, path: str, said: dict[str, str] | None = None) -> http.client.HTTPMessage:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SOON)
    connection.request("GET", path, headers=said or {})
    found = connection.getresponse().headers
    connection.close()
    return found


def answer(url: str, path: str, method: str = "GET", heads: dict[str, str] | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SOON)
    try:
        connection.request(method, path, headers=heads or {})
        found = connection.getresponse()
        return found.status, found.read().decode()
    except OSError:  # it does not listen yet
        return 0, ""
    finally:
        connection.close()
