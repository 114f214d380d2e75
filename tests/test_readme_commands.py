"""Every command that the README names does what it says: each one is run, the long ones in a shorter form of the same."""

import json
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from patience import ENDED_WITHIN
from PIL import Image, ImageChops
from server import CHECKOUT

from mnistgrad.app.command.main import commands as of_terminal
from mnistgrad.app.command.main import main as terminal
from mnistgrad.cost import measuring as of_cost
from mnistgrad.cost.measurement import STORED, read
from mnistgrad.training import measuring, stored
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import TrainingPlan

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PROGRAMS = ("python", "pip", "bash", "streamlit", "ruff", "mypy", "mnistgrad", "biome", "mkdocs")


def commands() -> list[str]:
    """Of all sh blocks, line by line and part by part, and of all inline code that begins with a program."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [part.strip() for block in blocks for line in block.splitlines() for part in line.split("&&")]
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
    return sorted({*filter(None, lines), *(code for code in inline if " " in code and code.split()[0] in PROGRAMS), "mypy"})


def run(command: str, *options: str) -> str:
    """In the checkout, by this Python; what it prints."""
    program, *given = shlex.split(command)
    start = [sys.executable] if program == "python" else [sys.executable, "-m", program] if program != "bash" else [program]
    done = subprocess.run([*start, *given, *options], cwd=ROOT, capture_output=True, text=True, timeout=ENDED_WITHIN)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_installed(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    for line in lines:
        if line.startswith("-r "):
            is_installed(line.removeprefix("-r "))
        elif (needed := Requirement(line)).marker is None or needed.marker.evaluate():
            assert needed.specifier.contains(version(needed.name)), line


def benchmarks(_: Path) -> None:
    files = {path.name for path in (ROOT / "tests/benchmarks").glob("bench_*.py")}
    found = run("python -m pytest tests/benchmarks -n 0", "--collect-only", "-q")
    assert set(re.findall(r"tests/benchmarks/(\w+\.py)::", found)) == files


def compare(_: Path) -> None:
    assert "OLD NEW" in run("python tests/benchmarks/compare.py", "--help")


def cost(folder: Path) -> None:
    before, out = STORED.read_bytes(), folder / "measured.jsonl"
    of_cost.main(["--largest=1", "--nh=1", f"--out={out}"])  # as a module: tests/app/test_cost.py
    assert read(out.read_text().splitlines()).plan.largest == 1
    assert STORED.read_bytes() == before and list(folder.iterdir()) == [out]


def training(folder: Path) -> None:
    assert "--out" in run("python -m mnistgrad.training.measuring", "--help")  # its work: the tests below


def in_block(name: str) -> list[str]:
    """The commands of the block that a comment marks."""
    (block,) = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)```", README, re.DOTALL)
    return block.splitlines()


HELD_ELSEWHERE = {"mnistgrad run": "tests/test_package.py", "pip install .": "tests/test_package.py"}
HELD_ELSEWHERE |= {"python tests/load/readers.py": "tests/load/test_readers.py"}
RUN_BY_CI = {"python -m pytest", "ruff check", "mypy", "mkdocs build --strict"}
CHECKED: dict[str, Callable[[Path], object]] = {
    "pip install -r requirements.txt": lambda _: is_installed("requirements.txt"),
    "pip install -r requirements-dev.txt": lambda _: is_installed("requirements-dev.txt"),
    "streamlit run dashboard.py": lambda _: [*CHECKOUT[2:]] == ["streamlit", "run", "dashboard.py"] or pytest.fail(str(CHECKOUT)),
    "python -m pytest tests/benchmarks -n 0": benchmarks,
    "python tests/benchmarks/compare.py OLD NEW": compare,
    "bash .ci/run": lambda _: run("bash -n .ci/run"),
    "python -m mnistgrad.cost.measuring": cost,
    "python -m mnistgrad.training.measuring": training,
}


def test_every_command_of_the_readme_is_held_by_a_test() -> None:
    terminal = {*in_block("terminal"), *in_block("pictures"), *(f"mnistgrad {name}" for name in of_terminal.commands)}
    # by tests/distributed/test_command.py
    split = {*in_block("split"), *in_block("hosts"), "python -m mnistgrad.distributed --help"}
    assert set(commands()) == set(CHECKED) | set(HELD_ELSEWHERE) | RUN_BY_CI | terminal | split | {"python -m mnistgrad"}
    for command, place in HELD_ELSEWHERE.items():
        assert command.split()[-1] in (ROOT / place).read_text()


def test_ci_runs_the_commands_of_the_readme_as_they_stand_there() -> None:
    script = (ROOT / ".ci/run").read_text()
    reads = re.search(r"^readme_command\(\) \{.*?^\}", script, re.DOTALL | re.MULTILINE)
    assert reads
    asks = ["bash", "-c", f"{reads[0]}\nreadme_command test"]
    test = subprocess.run(asks, cwd=ROOT, capture_output=True, text=True, check=True)
    runs = re.findall(r'^ *check "(.*?)"', script.replace("$test", test.stdout.strip()), re.MULTILINE)
    assert {part for line in runs for part in line.split(" && ")} >= RUN_BY_CI


def test_benchmarks_run_on_demand_alone(request: pytest.FixtureRequest) -> None:
    """`python -m pytest` is what runs this."""
    assert not [item.nodeid for item in request.session.items if item.path.name.startswith("bench_")]


@pytest.mark.parametrize("command", CHECKED)
def test_command_does_what_the_readme_says(command: str, tmp_path: Path) -> None:
    CHECKED[command](tmp_path)


def test_readme_names_every_command_of_the_terminal_and_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    section = README.split("## In a terminal")[1].split("\n## ")[0]
    for name, command in of_terminal.commands.items():
        carried_out("mnistgrad", name, "--help")
        told = capsys.readouterr().out
        options = {option for param in command.params if isinstance(param, click.Option) for option in param.opts}
        assert f"`mnistgrad {name}`" in section and options <= set(re.findall(r"--[a-z0-9]+", told))
        assert [option for option in options if f"`{option}`" not in section and f"`{option} " not in section] == [], name
    for shown in (*re.findall(r"--[a-z0-9]+", run("python -m mnistgrad", "--help")), "_MNISTGRAD_COMPLETE=bash_source"):
        assert shown in section


def carried_out(command: str, *options: str) -> None:
    """In this process; in the folder that we are in."""
    with pytest.raises(SystemExit) as ended:
        terminal([*shlex.split(command)[1:], *options])
    assert not ended.value.code


def test_commands_of_the_terminal_do_what_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    export, table, everything, explain, train = in_block("terminal")
    carried_out(export, "--view", "variance")  # the other views take longer
    assert {path.suffix for path in (tmp_path / "slides").iterdir()} == {".svg", ".pdf"}
    carried_out(everything, "--page", "line")  # all take a minute
    assert "report.html" in zipfile.ZipFile(tmp_path / "lesson.zip").namelist()
    carried_out(explain)
    assert (tmp_path / "lesson.html").read_text().startswith("<!doctype html>")
    capfd.readouterr()
    for command, options, columns in ((table, (), "unit,"), (train, ("--trained", "10", "--nh", "2"), "method,seed,step,")):
        carried_out(command, *options)
        assert capfd.readouterr().out.startswith(columns)


def test_pictures_of_the_readme_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a reader sees them: another machine's last digits may move an edge by a part of a pixel."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    for command in in_block("pictures"):
        carried_out(command)
    names = sorted(path.name for path in (tmp_path / "docs").iterdir())
    assert (
        names
        == sorted(path.name for path in (ROOT / "docs").glob("*.png"))
        == sorted(re.findall(r"!\[.*?\]\(docs/(.*?)\)", README))
    )
    for name in names:
        now, then = (Image.open(folder / "docs" / name).convert("RGB") for folder in (tmp_path, ROOT))
        assert now.size == then.size, name
        differs = ImageChops.difference(now, then).reduce(8)
        assert max(high for _, high in differs.getextrema()) < 40, name


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default experiments, but short."""
    plans = {network: TrainingPlan(network, rate, 2, images=10, nh=2) for network, rate in stored.START_RATES.items()}
    monkeypatch.setattr(stored, "default_experiment", lambda network: Experiment(plans[network], seeds=1))


def test_trainings_that_are_stored_are_read_again(
    short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "measured.json"
    measuring.main([f"--out={out}"])
    assert str(out) in capsys.readouterr().out and list(tmp_path.iterdir()) == [out]
    monkeypatch.setattr(stored, "FILE", out)
    stored._stored.cache_clear()
    try:
        for network in stored.START_RATES:
            kept, again = stored.stored_comparison(network), stored.compare(stored.default_experiment(network))
            assert {key: [p.accuracy for p in points] for key, points in kept.curves.items()} == {
                key: [p.accuracy for p in points] for key, points in again.curves.items()
            }
    finally:
        stored._stored.cache_clear()


@pytest.mark.parametrize("module", ["cost", "training"])
def test_measuring_that_fails_leaves_the_file_as_it_was(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Sequence[str]:
        raise RuntimeError("half way")

    out = tmp_path / "measured"
    out.write_text(json.dumps("before"))
    main = of_cost.main if module == "cost" else measuring.main
    monkeypatch.setattr(of_cost, "times", fail)
    monkeypatch.setattr(stored, "compare", fail)
    with pytest.raises(RuntimeError, match="half way"):
        main([f"--out={out}", *(["--largest=1", "--nh=1"] if module == "cost" else [])])
    assert json.loads(out.read_text()) == "before" and list(tmp_path.iterdir()) == [out]
    with pytest.raises(SystemExit, match=r"Cannot write .*no-folder.*: No such file or directory"):
        main([f"--out={tmp_path / 'no-folder' / 'measured'}"])
