"""The repository keeps its promises: the README is true, and nothing points to where it should not."""

import ast
import re
import tomllib
from pathlib import Path

import torch
from loops import over

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
LONGEST = 310  # lines

FOLDERS = (".ci", ".github", ".streamlit", "mnistgrad", "tests", "docs", "deploy")
PLACES = ("*.py", "*.md", "*.toml", "*.txt", "*.yaml", "LICENSE", "Dockerfile", *(f"{folder}/**/*" for folder in FOLDERS))
TEXT_ENDINGS = {
    "",
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".css",
    ".html",
    ".js",
    ".json",
    ".svg",
    ".yml",
    ".yaml",
    ".sh",
    ".cfg",
    ".http",
}
HOSTS = {
    "keepachangelog.com",
    "semver.org",  # what CHANGELOG.md follows
    "creativecommons.org",  # MNIST's licence
    "github.com",
    "docs.fast.ai",
    "forums.fast.ai",
    "pytorch.org",
    "docs.pytorch.org",  # what a page may link to
    "vega.github.io",
    "www.w3.org",  # names of formats, never asked for
    "openfontlicense.org",
    "www.adobe.com",  # the fonts' licence and maker
    "127.0.0.1",
    "localhost",
    "lesson.example",  # nobody has it
}
FILE_NAME = re.compile(r"`((?:[.\w-]+/)*[\w-]+\.(?:py|jsonl?|toml|txt|png)|[\w./-]+/)`")
INDEX_OPTIONS = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host")
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|work|tmp|mnt)/\w")


def texts() -> dict[str, str]:
    """The text files of the repository by name; not what a tool or an environment put beside them."""
    paths = {path for place in PLACES for path in ROOT.glob(place)}
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for path in sorted(paths)
        if path.is_file() and path.suffix in TEXT_ENDINGS and path != Path(__file__)
    }


def marked(name: str) -> str:
    """The README's code block that the comment `<!-- name -->` marks."""
    block = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert block, f"README.md has no code block marked <!-- {name} -->"
    return block[1]


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_no_folder_is_watched_where_people_only_run_the_dashboard():
    assert tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]["fileWatcherType"] == "none"


@over("block", ["notebook", "own", "explain"])
def test_notebook_lines_give_the_results_shown(block):
    names: dict[str, object] = {}
    shown = []
    text = marked(block)
    for statement in ast.parse(text).body:
        code = ast.get_source_segment(text, statement)
        result = text.splitlines()[statement.end_lineno - 1].partition("  # ")[2]
        if result and isinstance(statement, ast.Expr):
            shown.append(result)
            told = eval(result, vars(torch) | {"torch": torch})
            if isinstance(told, torch.Tensor) and told.is_floating_point():
                torch.testing.assert_close(eval(code, names), told, rtol=1e-3, atol=1e-5 if told else 0)  # 0 is exactly 0
            else:
                assert eval(code, names) == told
        else:
            exec(code, names)
    assert shown, "the README shows no result"


@over("name", ["run", "install", "test"])
def test_readme_command_is_one_line_that_installs_and_starts(name):
    assert re.fullmatch(r"pip install (-r \S+\.txt|\.) && [^\n&]+\n", marked(name))


def test_guides_name_only_what_exists():
    named = [name for guide in (README, CONTRIBUTING) for name in re.findall(FILE_NAME, guide)]
    assert not [name for name in named if not (ROOT / name).exists()]


def test_reading_order_names_every_room_of_the_package():
    rooms = [path for path in (ROOT / "mnistgrad").iterdir() if path.name not in ("__init__.py", "__pycache__")]
    names = [f"`mnistgrad/{path.name}{'/' * path.is_dir()}`" for path in rooms]
    assert not [name for name in names if name not in section("Reading order")]


def test_requirements_are_ranges():
    lines = [line for name in ("requirements.txt", "requirements-dev.txt") for line in (ROOT / name).read_text().splitlines()]
    open_ended = [line for line in lines if not re.fullmatch(r"-r requirements\.txt|[\w-]+>=[\d.]+,<\d+(; .+)?", line)]
    assert not open_ended


def test_oldest_versions_are_the_lower_ends_of_the_ranges():
    ranges = (ROOT / "requirements.txt").read_text()
    assert (ROOT / "requirements-oldest.txt").read_text() == re.sub(r">=(.+),.*", r"==\1", ranges)


def test_links_lead_only_to_known_hosts():
    hosts = {(name, host) for name, text in texts().items() for host in re.findall(r"https?://([\w.-]+)", text)}
    assert not {(name, host) for name, host in hosts if host not in HOSTS}


@over("pattern", [INDEX_OPTIONS, MACHINE_PATH])
def test_nothing_depends_on_one_machine(pattern):
    assert not {(name, found[0]) for name, text in texts().items() for found in pattern.finditer(text)}


def test_every_todo_has_an_owner():
    assert not [name for name, text in texts().items() if re.search(r"\b(TODO|FIXME)\b(?!\(\w+\))", text)]


def test_every_file_is_short():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in (ROOT / "mnistgrad").rglob("*.py")}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_licences_are_stated():
    text = (ROOT / "LICENSE").read_text()
    assert "MIT License" in text and "CC BY-SA 3.0" in text
