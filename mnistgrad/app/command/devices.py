"""The device that a command is told to work on."""

import click
import torch

from mnistgrad.common.devices import device_of


def chosen_device(name: str) -> torch.device:
    """Raises click.BadParameter where it is not there."""
    try:
        return device_of(name)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="'--device'") from None
