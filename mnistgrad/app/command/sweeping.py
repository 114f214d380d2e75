"""The work of `mnistgrad sweep`."""

from collections.abc import Mapping, Sequence

import pandas as pd

from mnistgrad.app.cards.gradient import samples
from mnistgrad.app.cards.gradient.choice import choose_layer
from mnistgrad.app.command.asking import Asked, Query, spelt
from mnistgrad.app.command.delivering import progress
from mnistgrad.app.command.devices import chosen_device
from mnistgrad.app.command.options import Look
from mnistgrad.app.command.pictures import pictures_of
from mnistgrad.app.command.reporting import Result, check_out, report
from mnistgrad.app.command.rows import SWEEP_BRIEF, sweep_row
from mnistgrad.app.controls import COMPARED, VIEW, VIEWS
from mnistgrad.app.kept import sweeps
from mnistgrad.gradient.sweep import SweepPoint
from mnistgrad.network.seeds import seeds_from


def run(asked: Query, look: Look, formats: tuple[str, ...], out: str | None, device: str) -> None:
    check_out(out, formats)
    on = chosen_device(device)
    link = Asked(query := spelt(asked, count="n"))
    state, layer = link.state(), choose_layer(link)
    seeds = tuple(seeds_from(state.seed, link.number(COMPARED)))
    with progress(len(seeds)) as step:
        for seed in seeds:
            sweeps.swept(state, (seed,), on)
            step(f"seed {seed}")
    points = sweeps.points_of(state, layer, seeds)
    place = query | {VIEW.key: [VIEWS["samples"]]}
    shown = pictures_of(samples.curves(state, layer, seeds, look.drawn), "gradient", place, look)
    report(Result(f"sweep-{layer}-seed{state.seed}", _table(points), SWEEP_BRIEF, shown), formats, look, out)


def _table(points: Mapping[int, Sequence[SweepPoint]]) -> pd.DataFrame:
    return pd.DataFrame([sweep_row(seed, point) for seed, of_seed in points.items() for point in of_seed])
