"""Where the weight gradient of a linear layer comes from, step by step on real MNIST."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mnistgrad import lesson
from mnistgrad.gradient.statistics import column_variance
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients, weight_grad
from mnistgrad.network.presets import initial_weights

if TYPE_CHECKING:
    from mnistgrad.player.explain import explain, watching
    from mnistgrad.player.typed_lesson import explain_lines

__all__ = [
    "column_variance",
    "explain",
    "explain_lines",
    "gradients",
    "initial_weights",
    "lesson",
    "load_batch",
    "watching",
    "weight_grad",
]
__version__ = "1.1.0"
_LATER = {  # what draws is loaded when it is first asked for
    "explain": "mnistgrad.player.explain",
    "explain_lines": "mnistgrad.player.typed_lesson",
    "watching": "mnistgrad.player.explain",
    "load_ipython_extension": "mnistgrad.player.notebook",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_LATER[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
