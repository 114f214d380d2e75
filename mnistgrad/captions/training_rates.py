"""Is it the rate? The sentences beside the picture of how each way ends at each rate, from the study that is shown."""

import math
import statistics
from collections.abc import Mapping, Sequence

from mnistgrad.captions.training import ALIKE, SUBJECTS, differences, other_network, settings
from mnistgrad.captions.words import listed, out_of
from mnistgrad.common import numbers
from mnistgrad.training.comparison import Experiment
from mnistgrad.training.descent import DIVERGED, TrainingPlan
from mnistgrad.training.rates import Ending, RateStudy

COPIES = ("mean-row", "printed-row")
DIM = 0.5  # of the share of images for which a unit was on at first; what lies below is worth saying
MOST = 0.5  # of the steps
MORE_LOSS = 1.02  # times a frozen layer's; less tells nothing


def rates_title(found: RateStudy) -> str:
    copied = [best[1] for method in COPIES if (best := found.best(method))]
    true = found.best("true")
    if copied and true:
        end = max(copied) if found.digits else min(copied)
        if _worse(found, end, true[1]):
            verb = "reads" if found.digits else "ends at"
            return f"Not the rate: at best a copied row {verb} {say_end(found, end)}, the true gradient {say_end(found, true[1])}"
    return "Where each way ends, at each rate"


def rates_sentence(found: RateStudy, own: Sequence[Experiment], beside: TrainingPlan) -> str:
    """own: what the reader ran. beside: of the curves that stand beside, whose preset, pixels and units may be others."""
    what = f"{found.experiment.plan.source.items.capitalize()} read right" if found.digits else "Training loss"
    after = numbers.count(found.experiment.plan.steps, "step")
    says = f"{what} after {after}; a cross: diverged for some seeds or all, and not counted as a best."
    return f"{says}{_yours(found, own)}{other_network(found.experiment.plan, beside)}"


def _yours(found: RateStudy, own: Sequence[Experiment]) -> str:
    """The rates of the reader's runs, those of the same other settings together."""
    rates: dict[str, list[str]] = {}
    for run in own:
        rates.setdefault(_others(found, run), []).append(f"{run.plan.rate:g}")
    runs = "; ".join(f"rate {listed(of)}{others}" for others, of in rates.items())
    return f" Diamonds: your {'run' if len(own) == 1 else 'runs'}, {runs}." if own else ""


def own_settings(found: RateStudy, run: Experiment) -> str:
    """The rate of a reader's run, and what else was other in it than in the study."""
    return f"{settings(run)['rate']}{_others(found, run)}"


def is_otherwise(found: RateStudy, run: Experiment) -> bool:
    """Whether more than the rate and the ways was other in a run than in the study."""
    return bool(_others(found, run))


def _others(found: RateStudy, run: Experiment) -> str:
    others = [mine for name, (mine, _) in differences(run, found.experiment).items() if name not in ("rate", "methods")]
    return f" ({', '.join(others)})" if others else ""


def plan_note(found: RateStudy) -> str:
    """Below the picture: which trainings these were."""
    said = settings(found.experiment)
    return ", ".join(said[name] for name in ("steps", "images", "seeds", "preset", "normalise", "nh"))


def say_end(found: RateStudy, end: float) -> str:
    return numbers.percent(end) if found.digits else numbers.significant(end)


def why(found: RateStudy, rate: float) -> str:
    """Why ways diverged at this rate or ended below a frozen first layer, as far as it was measured; "" where none did."""
    below = [method for method in found.experiment.methods if _is_below(found, method, rate)]
    parts = [part for part in (_diverged(found, rate), *(_below(found, method, rate) for method in below)) if part]
    return f"At rate {rate:g} {'; '.join(parts)}." if parts else ""


def _diverged(found: RateStudy, rate: float) -> str:
    runs = {method: ends for method in found.experiment.methods if (ends := found.diverged(method, rate))}
    if not runs:
        return ""
    ends = [end for of in runs.values() for end in of]
    steps, moved = numbers.count(max(end.point.step for end in ends), "step"), max(end.moved for end in ends)
    far = f": steps that moved w1 by up to {_lengths(moved)}" if moved and math.isfinite(moved) else ""
    return f"the loss passed {DIVERGED:g} times the first within {steps} {_whose(found, runs)}{far}"


def _whose(found: RateStudy, runs: Mapping[str, Sequence[Ending]]) -> str:
    """The ways, those together that diverged for as many seeds."""
    seeds = len(found.seeds)
    if len(runs) == len(found.experiment.methods) and all(len(ends) == seeds for ends in runs.values()):
        return "with every way"
    counts = sorted({len(ends) for ends in runs.values()}, reverse=True)
    groups = {count: [SUBJECTS[method] for method, ends in runs.items() if len(ends) == count] for count in counts}
    return ", ".join(f"{listed(ways)} ({out_of(count, seeds)} seeds)" for count, ways in groups.items())


def _is_below(found: RateStudy, method: str, rate: float) -> bool:
    """Whether the method never diverged and ends worse than a frozen first layer."""
    end, frozen = found.end(method, rate), found.end("frozen", rate)
    return end is not None and frozen is not None and not found.diverged(method, rate) and _worse(found, end, frozen)


def _below(found: RateStudy, method: str, rate: float) -> str:
    """Its steps went uphill, or its units went off; else how far w1 went."""
    runs, says = found.settled(method, rate), f"{SUBJECTS[method]} it ends below the frozen layer: "
    uphill, on, dead, moved = (
        statistics.median(getattr(run, name) for run in runs) for name in ("uphill", "on", "dead", "moved")
    )
    if uphill > MOST:
        return f"{says}{numbers.percent(uphill)} of the steps looked at go against the true gradient"
    if on < DIM * found.start:
        none = f"; {numbers.percent(dead)} of the units are off for all" if dead else ""
        return (
            f"{says}a unit is on for {numbers.percent(on)} of the images, at the start for {numbers.percent(found.start)}{none}"
        )
    return f"{says}w1 moved by {_lengths(moved)}"


def _lengths(moved: float) -> str:
    return f"{numbers.percent(moved)} of its length" if moved < 1 else f"{numbers.significant(moved, 2)} times its length"


def _worse(found: RateStudy, one: float, other: float) -> bool:
    """Whether an end is worse than another by more than tells nothing."""
    return one < other - ALIKE if found.digits else one > other * MORE_LOSS
