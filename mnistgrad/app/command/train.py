"""`mnistgrad train`: the true gradient against a copied row and other ways, from the same start."""

from typing import Any

import click

from mnistgrad.app.command.options import TRAINED, Controlled, controls, on_device, results, understood

EPILOG = """
\b
The tables hold every measured step, of each seed. Several methods have commas between them. Example:
  mnistgrad train --methods 'true gradient,printed row, copied' --rate 0.1 --steps 100 --format text,png --out curves/
"""


@click.command(cls=Controlled, epilog=EPILOG)
@results
@on_device
@controls(*TRAINED, "preset", "normalise", "seed", "nh", "images")
def train(**given: Any) -> None:
    """Train a small network in several ways and compare them."""
    from mnistgrad.app.command import training

    training.run(**understood(given))
