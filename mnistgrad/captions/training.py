"""The sentences of the page on training, each from the numbers of the comparison that is shown."""

from collections.abc import Sequence

from mnistgrad.captions.words import listed, out_of
from mnistgrad.common import numbers
from mnistgrad.network.presets import PRESETS
from mnistgrad.network.sets.kinds import Trained
from mnistgrad.training.comparison import Comparison, Experiment
from mnistgrad.training.descent import DIVERGED, TrainingPlan

WHAT = "The training"
TRY_AGAIN = "Press **Run** to try again."
NO_RESULT = "The same start, trained in different ways"
RUN_IT = "The stored result cannot be read. **Press Run**: your own needs none."
KICKER = "Training with the gradient, and with what the print looks like"
LABELS = {
    "true": "true gradient",
    "rank-1": "best outer product",
    "mean-row": "mean row, copied",
    "printed-row": "printed row, copied",
    "frozen": "first layer frozen",
}
SUBJECTS = {
    "true": "with the true gradient",
    "rank-1": "with its best outer product",
    "mean-row": "with the mean row copied",
    "printed-row": "with the printed row copied",
    "frozen": "with the first layer frozen",
}
NETWORK_LABELS = {"cross-entropy": "ten outputs, cross-entropy", "mse": "the lesson's one output, mse"}
ALIKE = 0.01  # accuracies closer than this tell nothing
NEXT_TO_NOTHING, LITTLE, NEARLY_ALL = 0.15, 0.5, 0.9  # of what the true gradient gains over a frozen first layer
WAYS = (
    "**How each way takes a step.** The true gradient: `w1 -= rate * w1.g`. The copied rows put one row in the place of all 784: "
    "the mean of the rows, the nearest a copy can come, or row 0, which the print shows. The best outer product is the matrix of "
    "rank 1 nearest to w1.g. A frozen first layer keeps w1 and b1 as they started. Everything else, w2, b1 and b2, takes its own "
    "true gradient every time. All begin with the same weights and see the same images in the same order."
)


def plan_slug(experiment: Experiment) -> str:
    """What an exported file needs in its name beside what the sidebar says."""
    plan = experiment.plan
    batch = f"-batch{plan.batch_size}" if plan.batch_size else ""
    rate = f"{plan.rate:g}".replace(".", "p")
    return f"{plan.network}-rate{rate}-steps{plan.steps}{batch}-seeds{experiment.seeds}"


def headline(found: Comparison, stopped_at: int | None = None) -> str:
    """stopped_at: the step that a cancelled run came to."""
    true, copied, frozen = (found.last(method) for method in ("true", "mean-row", "frozen"))
    if found.stopped:
        steps = _steps_taken(found) if stopped_at is None else numbers.count(stopped_at, "step")
        return f"Stopped after {steps} of {found.experiment.plan.steps}: too early to compare"
    if found.of("true") and true is None:
        return f"At rate {found.experiment.plan.rate:g} even the true gradient diverges, so nothing can be compared"
    if not (true and copied and frozen) or found.diverged("true"):
        return "The same start, trained in different ways"
    assert true.accuracy is not None and copied.accuracy is not None and frozen.accuracy is not None
    gain = true.accuracy - frozen.accuracy
    share = (copied.accuracy - frozen.accuracy) / gain if gain > ALIKE else 1.0
    if share >= NEARLY_ALL:
        return "Here the true gradient has not yet learned more than a copied row"
    if share < -NEXT_TO_NOTHING:
        return (
            f"No: with one row copied it reads {found.experiment.plan.source.items} worse than with a first layer left untrained"
        )
    if share <= NEXT_TO_NOTHING:
        return "No: with one row copied, the first layer learns next to nothing"
    if share <= LITTLE:
        return "No: with one row copied, the first layer learns little"
    return "With one row copied, the first layer learns less than with its own gradient"


def lede(found: Comparison) -> str:
    if not found.methods:
        return "The run was cancelled before its first step."
    if not any(found.settled(method) for method in found.methods):
        return f"Every run diverged: its loss grew beyond {DIVERGED:g} times the first. Take a smaller rate."
    return f"{_diverged(found)}{_why(found)}".strip()


def small_title(found: Comparison) -> str:
    """Above the curves where they stand small, as one answer."""
    if _learns_alone(found):
        return "No: with a gradient for each weight it learns; with one row, copied, it does not"
    return accuracy_title(found)


def small_sentence(found: Comparison, chosen: TrainingPlan) -> str:
    """chosen: with the preset, the pixels and the units that the reader chose."""
    ends = {method: last for method in ("true", "mean-row", "frozen") if (last := found.last(method))}
    reads = [f"{numbers.percent(last.accuracy)} {SUBJECTS[method]}" for method, last in ends.items() if last.accuracy is not None]
    if not reads:
        return f"Every run diverged.{other_network(found.experiment.plan, chosen)}"
    after = f"Of {_held_back(found)}, read right after {_steps_taken(found)}: {listed(reads)}"
    return f"{after}.{other_network(found.experiment.plan, chosen)}"


def _held_back(found: Comparison) -> str:
    return f"{numbers.count(found.experiment.plan.source.held_back, 'image')} that no training saw"


def _learns_alone(found: Comparison) -> bool:
    """Whether the true gradient gains much over a frozen layer, and a copied row little."""
    return headline(found).startswith("No:")


def other_network(plan: TrainingPlan, chosen: TrainingPlan) -> str:
    """A sentence where figures are of another preset, pixels or hidden units than the chosen ones; "" elsewhere."""
    pairs = [(theirs, ours) for theirs, ours in zip(_network_of(plan), _network_of(chosen), strict=True) if theirs != ours]
    if not pairs:
        return ""
    theirs, ours = (listed(parts) for parts in zip(*pairs, strict=True))
    return f" Measured with {theirs}, not {ours}."


def _why(found: Comparison) -> str:
    if not {"mean-row", "printed-row"} & set(found.methods):
        return ""
    return "A copied row moves all 784 weights of a unit alike: it can learn how much ink there is, not where."


def _steps_taken(found: Comparison) -> str:
    steps = max(last.step for method in found.methods if (last := found.last(method)))
    return numbers.count(steps, "step")


def _diverged(found: Comparison) -> str:
    parts = []
    for method in found.methods:
        runs = found.diverged(method)
        if runs:
            every = "" if found.experiment.seeds == 1 else f" for {_share(len(runs), len(found.of(method)))} seeds"
            parts.append(f"{SUBJECTS[method]} it diverged{every} (by step {numbers.count(max(run[-1].step for run in runs))})")
    return f"{parts[0][0].upper()}{', '.join(parts)[1:]}. " if parts else ""


def _share(part: int, whole: int) -> str:
    if part == whole == 2:
        return "both"
    return out_of(part, whole)


def accuracy_title(found: Comparison) -> str:
    return f"{found.experiment.plan.source.items.capitalize()} read right"


def accuracy_sentence(found: Comparison) -> str:
    how = ": the label nearest to the output" if found.experiment.plan.network == "mse" else ""
    return f"Of {_held_back(found)}{how}.{_lines(found)}{_crosses(found)}"


def loss_title() -> str:
    return "Training loss"


def loss_sentence(found: Comparison) -> str:
    what = "Mean squared error" if found.experiment.plan.network == "mse" else "Cross-entropy"
    return f"{what}; lower is better.{_lines(found)}{_crosses(found)}"


def _lines(found: Comparison) -> str:
    return " Thin: each seed; thick: their median." if found.experiment.seeds > 1 else ""


def _crosses(found: Comparison) -> str:
    return f" A cross: diverged, beyond {DIVERGED:g} times the first loss." if any(map(found.diverged, found.methods)) else ""


def tiles_title(after: bool) -> str:
    return (
        "The first layer's weights, before and after" if after else "What the first layer learned: its weights after, less before"
    )


def tiles_sentence(found: Comparison) -> str:
    """What is exactly so in the weights that are shown."""
    flat = [method for method in ("mean-row", "printed-row") if method in found.after]
    says = "A tile: one :green[hidden unit] on the :blue[28 × 28 pixels]."
    if flat:
        change = max(float((found.after[method] - found.before).std(0, correction=0).max()) for method in flat)
        varies = f"to {numbers.scientific(change)}" if change else "exactly"
        says += f" A copied row moves every pixel's weight by the same number ({varies})."
    return says


def more(found: Comparison) -> str:
    """For those who ask how it was done, and how far the seeds lie apart."""
    return "\n\n".join(filter(None, (f"**What ran.** {described(found.experiment)}.", _spread(found), WAYS)))


def _spread(found: Comparison) -> str:
    """Over the seeds."""
    spreads = [
        f"{LABELS[method]} {numbers.percent(min(reads))} to {numbers.percent(max(reads))}"
        for method in found.methods
        if len(reads := [points[-1].accuracy for points in found.settled(method) if points[-1].accuracy is not None]) > 1
    ]
    return f"**The seeds.** {accuracy_title(found)}, from seed to seed: {'; '.join(spreads)}." if spreads else ""


def described(experiment: Experiment) -> str:
    """The whole experiment in a line."""
    return ", ".join(said for said in settings(experiment).values() if said != Trained.title)


def settings(experiment: Experiment) -> dict[str, str]:
    """Each setting of an experiment, by its control's name, in words that say what it is."""
    plan = experiment.plan
    title, preset, pixels, units = _network_of(plan)
    return dict(
        source=title,
        network=network_label(plan),
        methods=_ways(experiment.methods),
        rate=f"rate {plan.rate:g}",
        steps=numbers.count(plan.steps, "step"),
        images=numbers.count(plan.images, "image"),
        batch="all in every step" if plan.batch_size is None else f"{numbers.count(plan.batch_size)} a step",
        seeds=_seeds(experiment),
        preset=preset,
        normalise=pixels,
        nh=units,
    )


def network_label(plan: TrainingPlan) -> str:
    label = NETWORK_LABELS[plan.network]
    return label if plan.source.classes == Trained.classes else label.replace("ten", numbers.count(plan.source.classes))


def differences(shown: Experiment, chosen: Experiment) -> dict[str, tuple[str, str]]:
    """The settings in which they differ: of the one that is shown, and of the one that is chosen."""
    ours = settings(chosen)
    return {name: (theirs, ours[name]) for name, theirs in settings(shown).items() if theirs != ours[name]}


def _ways(methods: Sequence[str]) -> str:
    if len(methods) in (0, len(LABELS)):
        return f"all {len(LABELS)} ways" if methods else "no way"
    return f"{'only ' if len(methods) == 1 else ''}{listed(LABELS[method] for method in methods)}"


def _seeds(experiment: Experiment) -> str:
    seeds = [plan.seed for plan in experiment.plans]
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"


def _network_of(plan: TrainingPlan) -> tuple[str, ...]:
    pixels = "normalised pixels" if plan.normalise else "raw pixels"
    return plan.source.title, PRESETS[plan.preset].label, pixels, numbers.count(plan.nh, "hidden unit")


def too_few(count: int, fewest: int) -> str:
    """Where a set is too small to be trained with."""
    there = "is 1" if count == 1 else f"are {numbers.count(count)}"
    return f"To train takes {fewest} images or more, of which a sixth is held back to test with; here {there}."


def stored_note(shown: Experiment, when: str, chosen: Experiment) -> str:
    """What stands on the page where the reader has no run of their own."""
    return f"A stored result, measured on {when}{_of_others(shown, chosen)}"


def own_note(shown: Experiment, seconds: float, stopped_at: int | None, chosen: Experiment, linked: bool = False) -> str:
    """linked: whether it was the link that asked for it."""
    stopped = "" if stopped_at is None else f", cancelled after {numbers.count(stopped_at, 'step')}"
    which = "The run of your link, run again here" if linked else "Your run"
    return f"{which}, {numbers.duration(seconds)}{stopped}{_of_others(shown, chosen)}"


def _of_others(shown: Experiment, chosen: Experiment) -> str:
    """The end of a note: in what the result is of other settings than the controls', if it is."""
    others = "; ".join(f"**{was}**, now {now}" for was, now in differences(shown, chosen).values())
    return f", **of other settings**: {others}. Press **Run** for those of now." if others else "."


def progress(step: int, steps: int, ways: int) -> str:
    return f"Step {numbers.count(step)} of {numbers.count(steps)}, {numbers.count(ways, 'training')} side by side"


def running_headline(experiment: Experiment) -> str:
    return f"Training {numbers.count(len(experiment.methods), 'way', 'ways')} from the same start"


def running_lede(experiment: Experiment) -> str:
    says = described(experiment)
    return f"{says[0].upper()}{says[1:]}."
