"""Where the weight gradient of a linear layer comes from: on real MNIST, or on images and weights of your own.

    import mnistgrad as mg

    batch, weights = mg.load_batch(1_000), mg.initial_weights(nh=50)     # the lesson's, or your own:
    batch = mg.Batch(inp, targ, loss="cross-entropy")                    # (n, pixels) and the classes (n,)
    weights = mg.Weights.from_linear(model[0], model[2])                 # or mg.Weights(w1, b1, w2, b2)

    grads = mg.gradients(batch, weights)        # by hand, as the lesson writes it: grads.w1, .b1, .w2, .b2, .loss
    mg.examine(grads)                           # rank, different rows, copies, variance by groups of rows
    mg.charts.column_variance(grads)            # Altair charts, with their data inside

    lesson = mg.explain(my_backward, inp, targ, w1, b1, axes={"inp": "n i"})      # any code, step by step
    with mg.watching() as lesson: ...                                             # a block of it
    mg.explain_lines("dW = h.t() @ dlogits", {"h": (32, 64), "dlogits": (32, 27)})   # typed lines: shapes alone

What goes in
    Batch, load_batch           images and what is wanted of each; the first n of MNIST or of other images
    load_images                 other images: Fashion-MNIST and the like, or files of your own
    Weights, initial_weights    two layers with a rectifier between; the lesson's, before training
What comes out
    gradients, weight_grad      of every parameter; of one layer, in three forms: "broadcast", "einsum", "matmul"
    examine, column_variance    what a weight gradient is like; how much its columns vary from row to row
    charts                      the charts of all this, for any sizes
    explain, watching, explain_lines   code as a lesson that plays
    lesson                      the functions of the lesson, as they stand on screen

In a terminal, `mnistgrad run` starts the dashboard.
"""

import ast as _ast
from importlib import import_module as _import_module
from pathlib import Path as _Path

__version__ = "1.1.0"


def _public_names() -> dict[str, str]:
    """The module of each public name, as the stub beside this file has it: type checkers and this module read one table."""
    stub = _ast.parse(_Path(__file__).with_suffix(".pyi").read_text("utf-8"))
    return {
        name.name: line.module for line in stub.body if isinstance(line, _ast.ImportFrom) and line.module for name in line.names
    }


_FROM = _public_names()
__all__ = sorted(_FROM)


def __getattr__(name: str) -> object:
    """A public name is loaded when it is first asked for, so that importing takes no time."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=_import_module(__name__))
    module = _FROM[name]
    found = _import_module(f"{module}.{name}") if module == __name__ else getattr(_import_module(module), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__]


def load_ipython_extension(shell: object) -> None:
    """For `%load_ext mnistgrad`, which brings `%%explain`."""
    _import_module("mnistgrad.player.notebook").load_ipython_extension(shell)
