"""`mnistgrad measure`: time and memory of the line, of its shorter forms and of autograd, on this machine."""

from typing import Any

import click

from mnistgrad.app.command.options import Controlled, controls, on_device, results, understood

EPILOG = """
\b
Each way runs alone, in a process of its own on one core. --n is the count that titles of pictures are about. Example:
  mnistgrad measure --largest 1000 --format csv --out measured.csv
"""


@click.command(cls=Controlled, epilog=EPILOG)
@results
@on_device
@controls("largest", "budget", "nh", "n")
def measure(**given: Any) -> None:
    """Measure what a weight gradient costs here."""
    from mnistgrad.app.command import measuring

    measuring.run(**understood(given))
