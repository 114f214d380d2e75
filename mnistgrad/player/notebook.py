"""The notebook's magic: `%load_ext mnistgrad`, then a cell that begins with `%%explain`, or `%%explain inp: n i, w: i j`."""

from contextlib import suppress
from typing import Any

from mnistgrad.player.lesson import Lesson
from mnistgrad.trace.explaining import recorder_for

USAGE = "%%explain, or with names of axes: %%explain inp: n i, w: i j"


def load_ipython_extension(shell: Any) -> None:
    def explain(line: str, cell: str) -> Lesson:
        """Run the cell as it stands and show it as a lesson. Its line may name axes: inp: n i, w: i j"""
        recorder = recorder_for(shell.user_ns, axes_of_line(line))
        with suppress(Exception), recorder:
            if failed := shell.run_cell(cell, store_history=False).error_in_exec:
                raise failed  # which the shell has shown, so that the recorder sees it too
        return Lesson(recorder.operations(), recorder.refused(), "this cell")

    shell.register_magic_function(explain, "cell", "explain")


def axes_of_line(line: str) -> dict[str, str]:
    """ "inp: n i, w: i j" by name. Raises ValueError for what is no such list."""
    axes = {}
    for part in filter(None, (part.strip() for part in line.split(","))):
        name, colon, letters = part.partition(":")
        if not colon or not name.strip() or not letters.strip():
            raise ValueError(f"the line names {part!r}; allowed is {USAGE}")
        axes[name.strip()] = letters.strip()
    return axes
