"""The sentences of the page on training, each from the numbers of the comparison that is shown."""

from mnistgrad.captions.words import listed, out_of
from mnistgrad.common import numbers
from mnistgrad.network.presets import PRESETS
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
HELD_BACK = "10,000 images that no training saw"
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
        return "No: with one row copied it reads digits worse than with a first layer left untrained"
    if share <= NEXT_TO_NOTHING:
        return "No: with one row copied, the first layer learns next to nothing"
    if share <= LITTLE:
        return "No: with one row copied, the first layer learns little"
    return "With one row copied, the first layer learns less than with its own gradient"


def lede(found: Comparison) -> str:
    reads = [
        f"{SUBJECTS[method]} **{numbers.percent(last.accuracy)}**"
        for method in found.methods
        if (last := found.last(method)) and last.accuracy is not None
    ]
    if not found.methods:
        return "The run was cancelled before its first step."
    if not reads:
        return f"Every run diverged: its loss grew beyond {DIVERGED:g} times the first. Take a smaller rate."
    median = f", medians over {found.experiment.seeds} seeds" if found.experiment.seeds > 1 else ""
    after = f"Digits read right after {_steps_taken(found)}, of {HELD_BACK}{median}"
    return f"{after}: {listed(reads)}. {_diverged(found)}{_why(found)}"


def small_title(found: Comparison) -> str:
    """Above the curves where they stand small, as one answer."""
    return "The layer learns with its own gradient, not with a copied row" if _learns_alone(found) else accuracy_title()


def small_sentence(found: Comparison, chosen: TrainingPlan) -> str:
    """chosen: with the preset, the pixels and the units that the reader chose."""
    ends = {method: last for method in ("true", "mean-row", "frozen") if (last := found.last(method))}
    reads = [f"{numbers.percent(last.accuracy)} {SUBJECTS[method]}" for method, last in ends.items() if last.accuracy is not None]
    if not reads:
        return f"Every run diverged.{other_network(found.experiment.plan, chosen)}"
    after = f"Of {HELD_BACK}, {_steps_taken(found)} read {listed(reads)}"
    return f"{after}.{other_network(found.experiment.plan, chosen)}"


def _learns_alone(found: Comparison) -> bool:
    """Whether the true gradient gains much over a frozen layer, and a copied row little."""
    return headline(found).startswith("No:")


def other_network(plan: TrainingPlan, chosen: TrainingPlan) -> str:
    """A sentence where the figures are of another preset, pixels or hidden units than the chosen ones; "" elsewhere."""
    same = (plan.preset, plan.normalise, plan.nh) == (chosen.preset, chosen.normalise, chosen.nh)
    return "" if same else f" Measured with {_network_of(plan)}; not what you chose."


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


def accuracy_title() -> str:
    return "Digits read right"


def accuracy_sentence(found: Comparison) -> str:
    how = "the digit nearest to the output" if found.experiment.plan.network == "mse" else "the digit whose output is largest"
    return f"Of {HELD_BACK}: {how}."


def loss_title() -> str:
    return "Training loss"


def loss_sentence(found: Comparison) -> str:
    what = "Mean squared error" if found.experiment.plan.network == "mse" else "Cross-entropy"
    where = f"over {numbers.count(found.experiment.plan.images, 'image')}, logarithmic"
    ended = f" A cross: diverged, beyond {DIVERGED:g} times the first loss." if any(map(found.diverged, found.methods)) else ""
    return f"{what} {where}; lower is better.{_lines(found)}{ended}"


def _lines(found: Comparison) -> str:
    return " Thin lines: each seed; thick: their median." if found.experiment.seeds > 1 else ""


def tiles_title(after: bool) -> str:
    return (
        "The first layer's weights, before and after" if after else "What the first layer learned: its weights after, less before"
    )


def tiles_sentence(found: Comparison) -> str:
    """What is exactly so in the weights that are shown."""
    flat = [method for method in ("mean-row", "printed-row") if method in found.after]
    says = f"Each tile is one :green[hidden unit] on the :blue[28 × 28 pixels], seed {found.experiment.plan.seed}."
    if flat:
        change = max(float((found.after[method] - found.before).std(0, correction=0).max()) for method in flat)
        varies = f"to {numbers.scientific(change)}" if change else "exactly"
        says += f" With a row copied, every pixel's weight moves by the same number ({varies}): the start with a constant on it."
    if "frozen" in found.after:
        says += " Frozen, nothing moves."
    return says


def caveat(found: Comparison) -> str:
    """What the result depends on, with the spread over the seeds at hand."""
    says = (
        "**What this depends on.** The rate: with a small one little is learned in so few steps; with a large one a run "
        "diverges, and the true gradient can diverge where a copied row does not. That says nothing for the copy. "
    )
    spreads = [
        f"{LABELS[method]} {numbers.percent(min(reads))} to {numbers.percent(max(reads))}"
        for method in found.methods
        if len(reads := [points[-1].accuracy for points in found.settled(method) if points[-1].accuracy is not None]) > 1
    ]
    if spreads:
        return f"{says}The seed: the accuracy runs over the seeds from {', '.join(spreads)}."
    return says + "The seed: one seed is one start; compare several before you believe a small difference."


def described(experiment: Experiment) -> str:
    """The whole experiment in a line."""
    plan = experiment.plan
    batch = "all in every step" if plan.batch_size is None else f"{numbers.count(plan.batch_size)} a step"
    return (
        f"{NETWORK_LABELS[plan.network]}; rate {plan.rate:g}, {numbers.count(plan.steps, 'step')}, "
        f"{numbers.count(plan.images, 'image')} ({batch}), {_seeds(experiment)}, {_network_of(plan)}"
    )


def _seeds(experiment: Experiment) -> str:
    seeds = [plan.seed for plan in experiment.plans]
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(map(str, seeds))}"


def _network_of(plan: TrainingPlan) -> str:
    pixels = "normalised" if plan.normalise else "raw"
    return f"{PRESETS[plan.preset].label}, {pixels} pixels, {numbers.count(plan.nh, 'hidden unit')}"


def stored_note(experiment: Experiment, when: str, wanted: bool) -> str:
    """What stands on the page before the reader's own run. wanted: it is what the controls say."""
    says = f"A stored result, measured on {when}: {described(experiment)}."
    return says if wanted else f"{says} **Press Run** for what the controls say."


def own_note(experiment: Experiment, seconds: float, stopped_at: int | None) -> str:
    stopped = "" if stopped_at is None else f", cancelled after {numbers.count(stopped_at, 'step')}"
    return f"Your run, {numbers.duration(seconds)}{stopped}: {described(experiment)}."


def progress(step: int, steps: int, ways: int) -> str:
    return f"Step {numbers.count(step)} of {numbers.count(steps)}, {numbers.count(ways, 'training')} side by side"


def running_headline(experiment: Experiment) -> str:
    return f"Training {numbers.count(len(experiment.methods), 'way', 'ways')} from the same start"


def running_lede(experiment: Experiment) -> str:
    says = described(experiment)
    return f"{says[0].upper()}{says[1:]}."
