"""Whose code runs an operation: the reader's, or a library's on the reader's behalf."""

import sys
import sysconfig
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np
import torch

from mnistgrad.trace.sides import is_turned
from mnistgrad.trace.source import Source, Span

PACKAGE = str(Path(__file__).parents[1])
SHOWN = ("lesson.py", "as_written.py")  # the package's own code that is shown as it stands
NOT_READERS = tuple(str(Path(str(library.__file__)).parent) for library in (torch, np))
STANDARD = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
INSTALLED = ("site-packages", "dist-packages")  # below the standard library, and no part of it


class Place(NamedTuple):
    """Where an operation stands: its source and its span there, the function around it, and the call that ran that."""

    source: Source
    span: Span
    function: str
    parameters: tuple[str, ...]
    caller: Source | None
    caller_span: Span
    turned: bool = False  # whether torch's first argument is the right side of a sign, as in 2 * x


def is_readers(code: CodeType) -> bool:
    """Whether it is neither torch's nor NumPy's nor the standard library's own, nor this package's."""
    return _is_readers(code.co_filename)


@lru_cache(maxsize=4096)
def _is_readers(name: str) -> bool:
    if name.startswith(PACKAGE):
        return name.endswith(SHOWN)
    if name.startswith(NOT_READERS) or name.startswith("<frozen "):
        return False
    return not name.startswith(STANDARD) or any(folder in name for folder in INSTALLED)


def place_of(frame: FrameType, watched: set[CodeType] | None, outermost: CodeType | None, args: Any) -> Place:
    """Of what the frame runs. Its caller is told where that one is watched too.

    outermost: the code that entered the recorder. args: what torch's function is given.
    """
    source, span = Source.of(frame.f_code), span_of(frame)
    around = frame  # the function: a comprehension runs in a frame of its own
    while around.f_code.co_name in COMPREHENSIONS and around.f_back and around.f_code is not outermost:
        around = around.f_back
    code, caller = around.f_code, around.f_back
    if watched is None:
        while caller is not None and not is_readers(caller.f_code) and not _is_ours(caller.f_code):
            caller = caller.f_back  # a library's function that calls back
        seen = caller is not None and code is not outermost and not _is_ours(caller.f_code)
    else:
        seen = caller is not None and caller.f_code in watched
    return Place(
        source,
        span,
        code.co_name,
        code.co_varnames[: code.co_argcount],
        Source.of(caller.f_code) if caller and seen else None,
        span_of(caller) if caller else Span(0, 0, 0, 0),
        is_turned(frame, source.sides(span), args),
    )


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(PACKAGE) and not is_readers(code)


def span_of(frame: FrameType) -> Span:
    """What the frame is running; nothing where Python keeps no positions."""
    line, end_line, start, end = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    if line is None or end_line is None or start is None or end is None:
        return Span(0, 0, 0, 0)
    return Span(line, start, end_line, end)


def watched_frame(watched: set[CodeType] | None, above: int) -> FrameType | None:
    """The nearest frame of watched code, so many above this function's; a torch function written in Python may stand between.

    watched: the code objects, or None for every reader's.
    """
    frame: FrameType | None = sys._getframe(above + 1)
    while frame is not None and not (is_readers(frame.f_code) if watched is None else frame.f_code in watched):
        frame = frame.f_back
    return frame
