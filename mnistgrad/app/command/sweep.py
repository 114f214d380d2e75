"""`mnistgrad sweep`: what becomes of a weight gradient from 1 image to 50,000."""

from typing import Any

import click

from mnistgrad.app.command.options import SHARED, Controlled, controls, on_device, results, understood

EPILOG = """
\b
--n is one more count among the others. Example:
  mnistgrad sweep --layer w1 --compare 3 --format csv > sweep.csv
"""


@click.command(cls=Controlled, epilog=EPILOG)
@results
@on_device
@controls("layer", "compare", *SHARED)
def sweep(**given: Any) -> None:
    """Follow a weight gradient as the batch grows: rank, rows, variance, distance."""
    from mnistgrad.app.command import sweeping

    sweeping.run(**understood(given))
