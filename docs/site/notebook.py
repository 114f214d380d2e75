"""The example notebook as it runs when the site is built: its cells, and what they show as files beside the page."""

import os
import re
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/any_line.ipynb"
FOLDER = "notebook"  # beside the page
# Charts are pictures, since Altair's own way asks another host for its script; what is drawn by chance is the same at each build.
FIRST = "import altair, torch\naltair.renderers.enable('svg')\ntorch.manual_seed(0)"
QUIET = ["--log-level=ERROR"]  # a kernel warns that it listens on this machine
FRAME = re.compile(r'<iframe title="(.*?)" .*? srcdoc="(.*?)">', re.DOTALL)


class Ran(NamedTuple):
    """The page's Markdown, and its files by their names."""

    markdown: str
    files: dict[str, bytes]


@cache
def example() -> Ran:
    """The notebook from its first cell to its last, in a process of its own."""
    notebook = nbformat.read(EXAMPLE, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FIRST))
    with TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}, extra_arguments=QUIET)
        client.execute(env=os.environ | {"PYTHONPATH": str(ROOT)})
    parts: list[str] = []
    files: dict[str, bytes] = {}
    for cell in notebook.cells[1:]:
        parts.append(cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```")
        parts += [_shown(output.data, files) for output in cell.get("outputs", []) if "data" in output]
    return Ran("\n\n".join(parts), files)


def _shown(data: Any, files: dict[str, bytes]) -> str:
    """A lesson as a page in a frame, a picture as one, all else as a notebook without pictures prints it."""
    if framed := FRAME.search(data.get("text/html", "")):
        name = f"{FOLDER}/{len(files) + 1}.html"
        files[name] = unescape(framed[2]).encode()
        return f'<iframe class="playing" title="{framed[1]}" sandbox="allow-scripts" loading="lazy" src="{name}"></iframe>'
    if picture := data.get("image/svg+xml"):
        name = f"{FOLDER}/{len(files) + 1}.svg"
        files[name] = picture.encode()
        return f"![{_one_line(data['text/plain'])}]({name})"
    return f"```text\n{data['text/plain']}\n```"


def _one_line(text: str) -> str:
    return re.sub(r"[\[\]\s]+", " ", text)
