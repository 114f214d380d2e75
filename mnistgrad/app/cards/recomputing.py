"""The script and the notebook that recompute a state."""

import gzip

from mnistgrad.app.controls import State
from mnistgrad.app.kept import results
from mnistgrad.app.kept.image_sets import image_set
from mnistgrad.common.zips import zipped
from mnistgrad.network.sets.idx_files import idx_of
from mnistgrad.takeaway.documents import notebook, script
from mnistgrad.takeaway.figures import figures_of
from mnistgrad.takeaway.lesson_cells import OWN_IMAGES, OWN_LABELS, Cell, Recomputed, cells_of, travel_along

DOCUMENTS = {"py": script, "ipynb": notebook}  # by the ending of their names


def document(state: State, layer: str, link: str, ending: str) -> bytes:
    """ending: "py" or "ipynb". link: that opens the page; "" where unknown. Raises DataFileError."""
    return DOCUMENTS[ending](_cells(state, layer, link)).encode()


def own_images(images: str) -> dict[str, bytes]:
    """By name, the files that lie beside the script: a reader's own images and their labels, as many as a batch can have."""
    if not travel_along(images):
        return {}
    source = image_set(images)
    arrays = {OWN_IMAGES: source.images[: source.most], OWN_LABELS: source.labels[: source.most]}
    return {name: gzip.compress(idx_of(array.numpy()), mtime=0) for name, array in arrays.items()}


def file(state: State, layer: str, link: str, ending: str) -> bytes:
    """What a reader saves: the document; with their own images, where it is of these, in a zip."""
    made, images = document(state, layer, link, ending), own_images(state.images)
    return zipped({f"recompute.{ending}": made} | images) if images else made


def file_name(state: State, layer: str, ending: str) -> str:
    """`recompute-n1000-seed0.ipynb`, with whatever else is not as it starts."""
    usual = State()
    parts = ["recompute", "" if state.images == usual.images else state.images, f"n{state.n}", f"seed{state.seed}"]
    parts += ["" if state.preset == usual.preset else state.preset, "" if state.nh == usual.nh else f"nh{state.nh}"]
    parts += ["normalised" if state.normalise else "raw", layer if layer != "w1" else ""]
    return "-".join(filter(None, parts)) + f".{ending}{'.zip' * travel_along(state.images)}"


def _cells(state: State, layer: str, link: str) -> list[Cell]:
    of = Recomputed(state.n, state.preset, state.normalise, state.seed, state.nh, state.images, layer, link)
    return cells_of(of, figures_of(results.weight_gradient(state, layer), results.gradients_of(state)))
