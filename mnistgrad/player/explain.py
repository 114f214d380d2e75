"""Lessons from code as it stands: a function that is called, or a block that runs."""

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from mnistgrad.player.lesson import Lesson
from mnistgrad.trace.explaining import AxisNames, Window, explain_run, recorder_for


def explain(
    function: Callable[..., Any],
    *args: Any,
    axes: Mapping[str, AxisNames] | None = None,
    window: Window | None = None,
    **kwargs: Any,
) -> Lesson:
    """Call the function and show what it did: every torch operation is a frame of the lesson.

    Where torch refuses an operation, the lesson ends with it; what else the function raises is raised.

    Args:
        function: It runs as it stands.
        args: What it is given, tensors of any shape among them; NumPy arrays are passed on as tensors.
        axes: Names of axes, by the name of a tensor, one for each of its axes: `{"inp": "n i", "w": "i j"}`.
        window: Which indices of an axis are shown with their numbers, `{"n": [0, 7]}`; else the first six.
        kwargs: The same as args, by name.

    Raises:
        ValueError: For axes of what is no tensor or has another number of them, and for a window of an axis not named.
    """
    run = explain_run(function, args, kwargs, axes, window)
    if run.error is not None and run.refused is None:
        raise run.error
    return Lesson(run.operations, run.refused, getattr(function, "__name__", type(function).__name__))


class _Watched(AbstractContextManager[Lesson]):
    def __init__(self, names: Mapping[str, Any], title: str, axes: Mapping[str, AxisNames] | None, window: Window | None) -> None:
        self._recorder = recorder_for(names, axes, window)
        self._lesson = Lesson((), None, title)

    def __enter__(self) -> Lesson:
        self._recorder.__enter__()
        return self._lesson

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._recorder.__exit__(kind, error, traceback)
        self._lesson._record(self._recorder.operations(), self._recorder.refused())


def watching(axes: Mapping[str, AxisNames] | None = None, window: Window | None = None) -> AbstractContextManager[Lesson]:
    """`with mg.watching(axes={"inp": "n i"}) as lesson:` shows what the block did, as `explain` does; what it raises is raised.

    The lesson has its frames once the block has ended.

    Args:
        axes: As in `explain`, by the names of tensors that are there as the block begins, of any shape.
        window: As in `explain`.

    Raises:
        ValueError: For axes of what is no tensor or has another number of them, and for a window of an axis not named.
    """
    frame = sys._getframe(1)
    return _Watched({**frame.f_globals, **frame.f_locals}, "lesson", axes, window)
