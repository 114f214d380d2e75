"""A lesson's cells as a script and as a notebook: the same words, the same code."""

import json
from collections.abc import Sequence

from mnistgrad.takeaway.lesson_cells import Cell


def script(cells: Sequence[Cell]) -> str:
    """Python that runs from top to bottom; an editor shows its cells."""
    parts = [f"# %%\n{_commented(cell.words)}\n{cell.code}" if cell.words else f"# %%\n{cell.code}" for cell in cells]
    return "\n\n".join(parts)


def notebook(cells: Sequence[Cell]) -> str:
    """nbformat 4.5, without output."""
    found: list[dict[str, object]] = []
    for number, cell in enumerate(cells):
        if cell.words:
            found.append({"cell_type": "markdown", "id": f"words-{number}", "metadata": {}, "source": _lines(cell.words)})
        code: dict[str, object] = {
            "cell_type": "code",
            "id": f"code-{number}",
            "metadata": {},
            "source": _lines(cell.code.rstrip("\n")),
        }
        found.append(code | {"execution_count": None, "outputs": []})
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    whole = {"cells": found, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _commented(words: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in words.splitlines())


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
