"""The script and the notebook that recompute a state."""

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.takeaway.documents import notebook, script
from mnistgrad.takeaway.figures import figures_of
from mnistgrad.takeaway.lesson_cells import Cell, Recomputed, cells_of

DOCUMENTS = {"py": script, "ipynb": notebook}  # by the ending of their names


def document(state: State, layer: str, link: str, ending: str) -> bytes:
    """ending: "py" or "ipynb". link: that opens the page; "" where unknown. Raises DataFileError."""
    return DOCUMENTS[ending](_cells(state, layer, link)).encode()


def file_name(state: State, layer: str, ending: str) -> str:
    """`recompute-n1000-seed0.ipynb`, with whatever else is not as it starts."""
    usual = State()
    parts = ["recompute", "" if state.images == usual.images else state.images, f"n{state.n}", f"seed{state.seed}"]
    parts += ["" if state.preset == usual.preset else state.preset, "" if state.nh == usual.nh else f"nh{state.nh}"]
    parts += ["normalised" if state.normalise else "raw", layer if layer != "w1" else ""]
    return "-".join(filter(None, parts)) + f".{ending}"


def _cells(state: State, layer: str, link: str) -> list[Cell]:
    of = Recomputed(state.n, state.preset, state.normalise, state.seed, state.nh, state.images, layer, link)
    return cells_of(of, figures_of(results.weight_gradient(state, layer), results.gradients_of(state)))
