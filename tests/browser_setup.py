"""A browser for the tests: the machine's own, Playwright's, or the distribution's package."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, Error
from waiting import NOTE_ASKED, SETTLED_WITHIN

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL_SECONDS = 300
REMEDY = (
    "Install Chromium or Chrome so that `chromium` or `google-chrome` is on the PATH, or let "
    "`python -m playwright install --with-deps chromium` fetch one."
)


class NoBrowser(Exception):
    """No browser could be found, installed and started; the message says what was tried and the remedy."""


def launch_browser(chromium: BrowserType, *arguments: str) -> Browser:
    """The first browser that starts, with more arguments, installed where the machine has none."""
    tried = []
    for path in candidates(chromium.executable_path):
        try:
            started = chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments], timeout=SETTLED_WITHIN * 1_000)
        except Error as error:
            tried.append(f"{path}: {error.message.splitlines()[0]}")
        else:
            return patient(started)
    raise NoBrowser("\n".join(["No browser for the tests.", *tried, REMEDY]))


def patient(browser: Browser) -> Browser:
    """With contexts whose every wait, also for an address, is as long as those of `expect`, and whose pages can be `settled`."""
    make = browser.new_context

    def new_context(**given: Any) -> BrowserContext:
        context = make(**given)
        context.set_default_timeout(SETTLED_WITHIN * 1_000)
        context.add_init_script(NOTE_ASKED)
        return context

    browser.new_context = new_context
    return browser


def candidates(
    playwrights_own: str,
    which: Callable[[str], str | None] = shutil.which,
    exists: Callable[[str], bool] = os.path.exists,
    run: Callable[..., bool] | None = None,
) -> Iterator[str]:
    """Paths of browsers, the best first. Nothing is installed before its path is asked for."""
    run = run or succeeds
    yield from on_this_machine(which, exists)
    if exists(playwrights_own) or run(sys.executable, "-m", "playwright", "install", "chromium"):
        yield playwrights_own
    if which("apt-get") and run("apt-get", "update") and run("apt-get", "install", "-y", "chromium"):
        yield from on_this_machine(which, exists)


def on_this_machine(which: Callable[[str], str | None], exists: Callable[[str], bool]) -> Iterator[str]:
    yield from filter(None, map(which, NAMES))
    yield from filter(exists, PLACES)


def succeeds(*command: str) -> bool:
    print("Installing a browser:", *command, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=INSTALL_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False
