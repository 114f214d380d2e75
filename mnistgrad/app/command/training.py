"""The work of `mnistgrad train`."""

import pandas as pd
import torch

from mnistgrad.app.cards import training as cards
from mnistgrad.app.command.asking import Asked, Query, spelt
from mnistgrad.app.command.delivering import progress
from mnistgrad.app.command.devices import chosen_device
from mnistgrad.app.command.options import Look
from mnistgrad.app.command.pictures import pictures_of
from mnistgrad.app.command.reporting import Result, check_out, report
from mnistgrad.app.command.rows import training_rows
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.rates import stored_study
from mnistgrad.training.stored import compare


def run(asked: Query, look: Look, formats: tuple[str, ...], out: str | None, device: str) -> None:
    check_out(out, formats)
    on = chosen_device(device)
    link = Asked(query := spelt(asked, count="trained"))
    network, methods = cards.chosen_ways(link)
    experiment = cards.chosen_experiment(link.state(), network, methods, link)
    found = _trained(experiment, on)
    plan = experiment.plan
    shown = [
        cards.main_curves(found, look.drawn),
        cards.rates(stored_study(network), [found], plan, plan.rate, look.drawn),
        cards.tiles(found, link, look.drawn),
        cards.other_curves(found, look.drawn),
    ]
    name = f"training-{network}-rate{plan.rate:g}-steps{plan.steps}-seed{plan.seed}"
    table = pd.DataFrame(training_rows(found.curves))
    report(Result(name, table, [*table], pictures_of(shown, "training", query, look)), formats, look, out)


def _trained(experiment: Experiment, device: torch.device) -> Comparison:
    last = 0
    with progress(experiment.plan.steps) as step:

        def done(number: int) -> None:
            nonlocal last
            if number > last:
                last = number
                step(f"step {number}")

        return compare(experiment, done, device)
