"""The package as others install it: all inside, and used from any folder."""

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import streamlit.web.cli
from playwright.sync_api import expect
from pressing import watched
from server import running_server
from streamlit import net_util
from visitors import ELSEWHERE
from waiting import settled

import mnistgrad
from mnistgrad.app.command.main import main

ROOT = Path(__file__).parents[1]
ENTRY = {"mnistgrad/app/entry/dashboard.py", "mnistgrad/app/entry/.streamlit/config.toml"}
SERIF = re.compile("Source Serif")
FOR_THE_DASHBOARD = ("streamlit", "altair", "vl_convert", "cachetools", "pandas", "PIL", "torchvision")
USE_THE_ENGINE = f"""
import importlib, pkgutil, sys
sys.modules.update(dict.fromkeys({FOR_THE_DASHBOARD}))
import mnistgrad as mg
for name in ("common", "network", "gradient", "trace", "lines", "cost", "training"):
    room = importlib.import_module(f"mnistgrad.{{name}}")
    for module in pkgutil.walk_packages(room.__path__, f"mnistgrad.{{name}}."):
        importlib.import_module(module.name)
print(mg.__file__, mg.__version__, mg.load_batch(2).labels.tolist())
"""


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", str(ROOT), "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_package_and_nothing_else(wheel):
    package = {path for path in (ROOT / "mnistgrad").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    inside = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == ENTRY | {path.relative_to(ROOT).as_posix() for path in package}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--no-compile", "--target", str(folder), str(wheel))
    return folder


def test_engine_works_from_any_folder_and_needs_nothing_of_the_dashboard(installed, tmp_path):
    told = in_folder(tmp_path, installed, sys.executable, "-c", USE_THE_ENGINE)
    assert told.stdout.split(maxsplit=2) == [str(installed / "mnistgrad" / "__init__.py"), mnistgrad.__version__, "[5, 0]\n"]


def test_installed_dashboard_runs_from_any_folder(installed, tmp_path, browser):
    elsewhere, command = tmp_path / "elsewhere", str(installed / "bin" / "mnistgrad")
    elsewhere.mkdir()
    assert in_folder(elsewhere, installed, command, "--version").stdout == f"mnistgrad {mnistgrad.__version__}\n"
    with running_server(tmp_path / "log.txt", [command, "run"], elsewhere, PYTHONPATH=str(installed)) as server:
        page = browser.new_page()
        asked = watched(page)
        page.goto(server.url)
        expect(page.get_by_role("heading", level=1)).to_have_css("font-family", SERIF)  # the project's own configuration
        settled(page)
        assert asked and not [url for url in asked if ELSEWHERE.match(url)], "statistics, or whatever else"
        page.close()


def in_folder(folder: Path, installed: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "fast"], ["run", "--server.prot=1"]], ids=" ".join)
def test_command_that_is_not_understood_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.lower().startswith("usage: mnistgrad")


def test_the_command_has_no_host_asked_for_its_own_address(monkeypatch):
    """Streamlit would ask one where it listens everywhere."""
    told = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: "asked")
    monkeypatch.setattr(streamlit.web.cli, "main", lambda *_, **__: told.append(net_util.get_external_ip()))
    with pytest.raises(SystemExit):
        main(["run"])
    assert told == [None]


def test_command_without_streamlit_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "streamlit.web.cli", None)
    with pytest.raises(SystemExit) as ended:
        main(["run"])
    assert ended.value.code == 1 and "streamlit.web.cli is not installed" in capsys.readouterr().err
