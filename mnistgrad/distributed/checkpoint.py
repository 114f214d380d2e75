"""What a sweep has done so far as one file: whole or not there, and taken up again by the same sweep alone."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mnistgrad.common.files import replacing
from mnistgrad.distributed.images import Images
from mnistgrad.distributed.sweep import Steps
from mnistgrad.gradient.sweep import Reach, Sums
from mnistgrad.network.presets import Weights

HEAD = "sweep"  # the array that says what the others belong to
ENDS = 1_000  # images at either end that stand for all of them
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, NotImplementedError)
Told = Mapping[str, object]


class UnusableCheckpoint(Exception):
    """A file that is no checkpoint, or another sweep's; the message says what to do."""


def told_of(images: Images, weights: Weights, seed: int, moments: tuple[float, float], counts: list[int]) -> Told:
    """What makes a sweep this one and no other."""
    ends = [images.read(slice(0, min(ENDS, len(images)))), images.read(slice(max(len(images) - ENDS, 0), len(images)))]
    return {
        "images": f"{images.name}, {_digest(*(tensor for end in ends for tensor in end))}",
        "seed": seed,
        "weights": _digest(weights.w1, weights.b1, weights.w2, weights.b2),
        "relu": weights.preset.label,
        "moments": [*moments],
        "counts": counts,
    }


def write(path: Path, told: Told, steps: Steps) -> None:
    """All or nothing. Raises OSError."""
    arrays = {f"{n}.{name}": tensor.numpy() for n, sums in steps.sums.items() for name, tensor in vars(sums).items()}
    arrays |= {f"{n}.{name}": tensor.numpy() for n, reach in steps.reaches.items() for name, tensor in vars(reach).items()}
    head = np.frombuffer(json.dumps(dict(told) | {"done": list(steps.sums)}).encode(), np.uint8)
    with replacing(path, "wb") as file:
        np.savez(file, **{HEAD: head}, **arrays)  # type: ignore[arg-type]


def read(path: Path, told: Told) -> Steps | None:
    """What is done of the sweep of which this is told; None where the file is not there. Raises UnusableCheckpoint, OSError."""
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            head = json.loads(arrays[HEAD].tobytes())
            done, held = head.pop("done"), {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        other = [name for name in told if head.get(name) != told[name]]
        if other:
            raise UnusableCheckpoint(
                f"The checkpoint {path} is another sweep's, with other {' and '.join(other)}. Delete it, or name another file."
            )
        reaches = {n: Reach(held[f"{n}.brightest"], held[f"{n}.darkest"]) for n in head["counts"]}
        return Steps(reaches, {n: Sums(*(held[f"{n}.{name}"] for name in ("w1", "b1", "w2", "on"))) for n in done})
    except (*BROKEN, AttributeError, TypeError):
        raise UnusableCheckpoint(f"The checkpoint {path} is damaged. Delete it, and the sweep begins anew.") from None


def _digest(*tensors: Tensor) -> str:
    found = hashlib.sha256()
    for tensor in tensors:
        found.update(tensor.contiguous().numpy().tobytes())
    return found.hexdigest()[:16]
