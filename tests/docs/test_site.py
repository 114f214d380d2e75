"""The documentation site: built without a warning, whole without a network, and true where it shows code."""

import ast
import inspect
import logging
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from patience import ENDED_WITHIN
from playwright.sync_api import expect

import mnistgrad as mg
from mnistgrad.app.command.main import main

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/pages"
SHOWN = "[...document.querySelectorAll('.drawn .sheet')].filter(s => s.offsetWidth).flatMap(s => [...s.querySelectorAll('img')])"
WIDTHS = {"light": 1440, "dark": 390}
SHAPE = re.compile(r"\((?:n|m|rows|columns|pixels|units|784)\b[^)]*\)|of any shape|shapes: Of each tensor")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}  # the theme advertises its successor
    done = subprocess.run(build, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=ENDED_WITHIN)
    assert done.returncode == 0 and "WARN" not in done.stdout + done.stderr.upper(), done.stdout + done.stderr
    return folder


def test_pages_open_from_files_without_a_network(site, browser):
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    pages = [name for name in pages if name != "404.html" and "notebook/" not in name]  # a server's own, and frames
    assert {"index.html", "story.html", "deploying.html", "recipes/index.html", "reference/charts.html"} <= {*pages}
    faults: list[str] = []
    for theme, width in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, offline=True)
        context.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda asked: faults.append(asked.url) if asked.url.startswith(("http", "ws")) else None)
        page = context.new_page()
        for name in pages:
            page.goto((site / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
            drawn = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert drawn == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 21, 27)"}[theme], name
            broken = "[...document.images].filter(i => i.complete && i.offsetWidth && !i.naturalWidth).map(i => i.src)"
            assert page.evaluate(broken) == [], name
        page.goto((site / "story.html").as_uri())
        shown = page.evaluate(f"{SHOWN}.map(i => i.src)")
        assert len(shown) >= 10 and all(f"-{theme}.svg" in name for name in shown)
        context.close()
    assert not faults


def test_search_and_players_work_from_files(site, browser):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((site / "recipes/notebook.html").as_uri())
    lesson = page.frame_locator("iframe").first
    lesson.get_by_text("Step 1 of").wait_for()
    page.locator(".md-search__input").focus()
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    page.locator(".md-search__input").press_sequentially("initial_weights")
    expect(page.locator(".md-search-result__list")).to_contain_text("mg.initial_weights")
    context.close()


def public() -> dict[str, Callable]:
    """What can be called, by the place of it in the reference."""
    found = {f"mnistgrad.{name}": getattr(mg, name) for name in mg.__all__ if name not in ("charts", "lesson")}
    return found | {f"mnistgrad.charts.{name}": getattr(mg.charts, name) for name in mg.charts.__all__}


def test_reference_has_every_public_name_with_its_parameters_shapes_and_errors(site):
    pages = "".join(path.read_text() for path in (site / "reference").glob("*.html"))
    lesson = [f"mnistgrad.lesson.{name}" for name, value in vars(mg.lesson).items() if inspect.isfunction(value)]
    assert len(lesson) > 8
    assert not [place for place in [*public(), *lesson] if f'id="{place}"' not in pages]
    for place, called in public().items():
        said = inspect.getdoc(called)
        assert SHAPE.search(said) or "network" in inspect.signature(called).parameters, f"{place} names no shape"
        if also := re.search(r"(`\w+`(?:, `\w+`)*) and what is raised are as in `(\w+)`", said):
            assert also[2] in mg.charts.__all__ and {*re.findall(r"\w+", also[1])} == {*inspect.signature(called).parameters}
            continue
        assert re.search(r"\nRaises:\n    \w+Error: ", said), f"{place} names no error"
        missing = [name for name in inspect.signature(called).parameters if not re.search(rf"\n    {name}: ", said)]
        assert not missing, f"{place} does not say what {missing} are"


def snippets(page: Path, language: str) -> list[str]:
    """Those that run here: a comment right above one says why it does not."""
    return re.findall(rf"(?<!-->\n)^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def pages_with(language: str) -> list[Path]:
    found = [path for folder in ("recipes", "reference") for path in sorted((PAGES / folder).glob("*.md"))]
    return [path for path in found if snippets(path, language)]


@pytest.mark.parametrize("page", pages_with("python"), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_python_of_the_pages_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"torch": torch}
    for code in snippets(page, "python"):
        if "{{" not in code:
            for statement in ast.parse(code).body:
                shown = code.splitlines()[statement.end_lineno - 1].partition("  # ")[2]
                line = ast.get_source_segment(code, statement)
                if isinstance(statement, ast.Expr) and shown.startswith(("torch.", "tensor(")):
                    assert eval(line, names) == eval(shown, vars(torch) | {"torch": torch})
                else:
                    exec(line, names)


@pytest.mark.parametrize("page", pages_with("sh"), ids=lambda path: path.stem)
def test_commands_of_the_pages_do_what_they_are_there_for(page, tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    for line in "".join(snippets(page, "sh")).splitlines():
        program, *given = shlex.split(line.partition(" | ")[0])
        assert program == "mnistgrad"
        with pytest.raises(SystemExit) as ended:
            main(given)
        told = capsysbinary.readouterr().out
        assert ended.value.code == 0 and told, line
        out = given[given.index("--out") + 1] if "--out" in given else "-"
        assert out == "-" or (Path(out).is_dir() and any(Path(out).iterdir())) or Path(out).stat().st_size, line


def test_links_that_lead_nowhere_or_ask_another_host_are_told(tmp_path, monkeypatch, caplog):
    monkeypatch.syspath_prepend(str(ROOT / "docs/site"))
    from checking import check_links

    (tmp_path / "b.html").write_text('<p id="here">')
    links = [
        "b.html",
        "b.html#here",
        "b.html#away",
        "c.html",
        "../b.html",
        "https://github.com/x",
        "http://github.com",
        "https://localhost:x",
    ]
    asked = ['<img src="https://github.com/a.png">', '<img src="no.svg">', '<img src="data:image/png;base64,">']
    (tmp_path / "a.html").write_text("".join([*(f'<a href="{link}">' for link in links), *asked]))
    with caplog.at_level(logging.WARNING):
        check_links(tmp_path)
    told = [re.search("'(.*?)'", record.getMessage())[1] for record in caplog.records]
    assert told == [*links[2:5], *links[6:], "https://github.com/a.png", "no.svg"]
