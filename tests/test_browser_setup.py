"""The order in which browsers are preferred, with nothing installed."""

import sys

from browser_setup import candidates

OWN = "/cache/playwright/chrome"
PLAYWRIGHT = (sys.executable, "-m", "playwright", "install", "chromium")
APT = [("apt-get", "update"), ("apt-get", "install", "-y", "chromium")]


class Machine:
    """A machine that has these programs and files, and on which these commands succeed."""

    def __init__(self, programs=(), files=(), working=()):
        self.programs, self.files, self.working = set(programs), set(files), working
        self.ran = []

    def which(self, name):
        return f"/bin/{name}" if name in self.programs else None

    def run(self, *command):
        self.ran.append(command)
        if command not in self.working:
            return False
        if command == APT[-1]:
            self.programs.add("chromium")
        return True

    def candidates(self):
        return candidates(OWN, self.which, self.files.__contains__, self.run)


def test_the_machines_own_browser_comes_first_and_nothing_is_installed():
    machine = Machine(programs=["google-chrome", "chromium", "apt-get"], files=[OWN])
    found = machine.candidates()
    assert [next(found), next(found), next(found)] == ["/bin/chromium", "/bin/google-chrome", OWN]
    assert machine.ran == []


def test_a_browser_in_its_usual_place_counts_without_being_on_the_path():
    chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert next(Machine(files=[chrome]).candidates()) == chrome


def test_playwright_installs_its_own_where_there_is_none():
    machine = Machine(working=[PLAYWRIGHT])
    assert list(machine.candidates()) == [OWN]


def test_the_distributions_package_comes_last():
    machine = Machine(programs=["apt-get"], working=APT)
    assert list(machine.candidates()) == ["/bin/chromium"]
    assert machine.ran == [PLAYWRIGHT, *APT]


def test_nothing_is_left_without_any_of_them():
    assert list(Machine().candidates()) == []
