"""The work of `mnistgrad measure`."""

import click
import pandas as pd

from mnistgrad.app.cards import cost
from mnistgrad.app.command.asking import Asked, Query, spelt
from mnistgrad.app.command.delivering import progress
from mnistgrad.app.command.devices import chosen_device
from mnistgrad.app.command.options import Look
from mnistgrad.app.command.pictures import pictures_of
from mnistgrad.app.command.reporting import Result, check_out, report
from mnistgrad.app.controls import BUDGET, LARGEST
from mnistgrad.cost.measurement import COST_METHODS, Cost, Measurement, MeasurementPlan, read
from mnistgrad.cost.process import measuring


def run(asked: Query, look: Look, formats: tuple[str, ...], out: str | None, device: str) -> None:
    check_out(out, formats)
    chosen_device(device)
    link = Asked(query := spelt(asked, count="n"))
    state = link.state()
    found = _measured(device, MeasurementPlan(link.choice(LARGEST), link.choice(BUDGET), state.nh))
    shown = pictures_of(cost.measured(found, state, look.drawn), "cost", query, look)
    table = pd.DataFrame(map(_row, found.costs))
    name = f"cost-{found.plan.largest}-images-nh{state.nh}"
    report(Result(name, table, [*table], shown), formats, look, out)


def _measured(device: str, plan: MeasurementPlan) -> Measurement:
    lines: list[str] = []
    with measuring(plan, device) as process, progress(len(plan.tasks)) as step:
        assert process.stdout is not None
        for line in process.stdout:
            if lines:  # the first holds the plan
                step(f"{len(lines)} of {len(plan.tasks)}")
            lines.append(line)
        if code := process.wait():
            raise click.ClickException(f"The measuring process ended with code {code}, before it was done.")
    return read(lines)


def _row(cost: Cost) -> dict[str, object]:
    return {
        "method": COST_METHODS[cost.method].label,
        "images": cost.n,
        "median [s]": cost.seconds.median,
        "lower quartile [s]": cost.seconds.low,
        "upper quartile [s]": cost.seconds.high,
        "runs": cost.seconds.runs,
        "memory [bytes]": round(cost.nbytes.median),
        "calculated": cost.seconds.calculated,
    }
