"""The device that work runs on, chosen in one place."""

import torch

from mnistgrad.common.arguments import one_of

DEVICES = ("cpu", "cuda")
CPU = torch.device("cpu")


def device_of(name: str, place: int = 0) -> torch.device:
    """The device of this name; where a machine has several GPUs, the one at this place, from 0, over and over.

    On a GPU float32 stays float32: products in TF32 are off from here on. Raises ValueError for another name, and where there is
    no GPU.
    """
    if one_of("device", name, DEVICES) == "cpu":
        return CPU
    if not torch.cuda.is_available():
        raise ValueError("device is 'cuda', and torch finds no GPU here; allowed is 'cpu'")
    torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device("cuda", place % torch.cuda.device_count())


def finish(device: torch.device) -> None:
    """Wait until all is done that was asked of it, since a GPU is asked and not waited for: before and after a time is taken."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
