"""The sentences of the page of wrong lines, each from what the line did when it ran."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from mnistgrad.captions.words import COLOURS, listed
from mnistgrad.common import numbers
from mnistgrad.lines.study import Attempt, Result, Study
from mnistgrad.trace.axes import AXIS_NAMES
from mnistgrad.trace.recording import Operation
from mnistgrad.trace.stand_ins import MEMORY

KICKER = "Lines written wrongly"
GROUPS = {"raises": "raises", "wrong": "wrong", "right": "right here"}
WHY = {
    "without unsqueeze(-1)": "`inp` keeps two axes and has no room for the units.",
    "without unsqueeze(1)": "`out.g` keeps two axes and has no room for the inputs of the layer.",
    "without either unsqueeze": "Both tensors keep two axes, so the inputs of the layer are set against its units.",
    "unsqueeze(0) for unsqueeze(1)": "The new axis of `out.g` stands first, and its images where the inputs should be.",
    "sum(1) for sum(0)": "`sum(1)` adds up the inputs of the layer and keeps the images.",
    "sum(-1) for sum(0)": "`sum(-1)` adds up the units and keeps the images.",
    "mean(0) for sum(0)": "`mean(0)` divides by n once more: `mse_grad` has put the 1/n into `out.g` already.",
    "out.g @ w for out.g @ w.t()": "`w` leads from inputs to units; the way back takes its transpose.",
    "x * w for x @ w": "`*` multiplies cell by cell and adds nothing up.",
    "mse without squeeze": "`out` is (n, 1) and `targ` is (n,): aligned from the right, every output meets all n targets.",
    "mse_grad without squeeze": "`out` is (n, 1) and `targ` is (n,), so their difference is (n, n).",
    "mse_grad without squeeze and unsqueeze": "`out` is (n, 1) and `targ` is (n,), so their difference is (n, n).",
    "mse_grad without 1/n": "The loss is a mean over n images, and so its gradient has a 1/n, in this place alone.",
    "relu_grad with out > 0": "`out` is what the rectifier returned. Where that is shifted, as in 2019, less of it is above 0.",
}


def headline(study: Study) -> str:
    name = study.line.name
    return f"{name.capitalize() if name.startswith('without') else name}: {_claim(study)}"


def _claim(study: Study) -> str:
    if study.outcome == "raises":
        return "torch stops the pass"
    if study.outcome == "right":
        return "here it makes no difference"
    misshapen, wrong = (_names(study.results, verdict) for verdict in ("shape", "numbers"))
    if misshapen:
        return f"it runs, and {'w1.g' if 'w1.g' in misshapen else misshapen[-1]} has the wrong shape"
    if wrong == ["loss"]:
        return "it runs, and the loss is wrong"
    return "it runs, every shape fits, and the numbers are wrong"


def lede(n: int, outcomes: Mapping[str, str]) -> str:
    """outcomes: of every line, by its name."""
    stopped, wrong, right = (list(outcomes.values()).count(group) for group in GROUPS)
    told = [f"torch stops {stopped}" if stopped else "", _run_and(wrong, "wrong"), _run_and(right, "right")]
    return f"{len(outcomes)} lines as learners write them, run with {_sized(n, 'n')}: {', '.join(part for part in told if part)}."


def _run_and(count: int, words: str) -> str:
    return f"{count} {'runs and is' if count == 1 else 'run and are'} {words}" if count else ""


def line_sentence(study: Study) -> str:
    """Why it is wrong; where it stands, the calls tell."""
    return WHY[study.line.name]


def attempt_title(attempt: Attempt) -> str:
    layer = next((f"Layer {name[1]}: " for name in attempt.names.values() if name in ("w1", "w2")), "")
    return f"{layer}{attempt.call}"


def attempt_sentence(study: Study, attempt: Attempt) -> str:
    """What the call did by itself, and torch's message where it raised."""
    parts = [_meaning(attempt), _deed(study, attempt), _step(attempt), _reached(study, attempt)]
    return " ".join(part for part in parts if part) + _quoted(attempt.message)


def _quoted(message: str) -> str:
    return f"\n\n`RuntimeError: {message}`" if message else ""


def _meaning(attempt: Attempt) -> str:
    """What the line's names stand for in this call."""
    written = {"inp": ("inp", ""), "x": ("x", ""), "out": ("out.g", ".g")}
    told = [
        f"`{written[parameter][0]}` is `{name}{written[parameter][1]}`"
        for parameter, name in attempt.names.items()
        if parameter in written and parameter != name
    ]
    return f"Here {' and '.join(told)}." if told else ""


def _deed(study: Study, attempt: Attempt) -> str:
    if attempt.refused:
        verb = "stops at" if attempt.refused.nbytes else "refuses"
        return f"Torch {verb} `{attempt.refused.expression}`: {clash(attempt.refused)}."
    return f"{_result_sentence(study, attempt)} {_accident(attempt)}".strip()


def _result_sentence(study: Study, attempt: Attempt) -> str:
    result = attempt.result
    if result.verdict == "shape":
        return _shape_sentence(result, attempt.line[-1])
    if result.verdict == "right" and (study.n == 1 or not study.pairs):
        return _right_sentence(study, result)
    if study.pairs:
        wrong, right = numbers.significant(study.pairs.wrong_loss, 5), numbers.significant(study.pairs.loss, 5)
        return f"It runs and returns {wrong}, where the mean squared error is {right}{_of_sample(study)}. No error tells of it."
    share = f"{numbers.percent(result.off)} of its numbers are wrong, by up to {numbers.significant(result.difference or 0, 2)}"
    told = _multiple(study, result.factor) if result.factor else f"{share}{_of_sample(study)}"
    return f"It runs, and `{result.name}` has the right shape, {numbers.shape(result.needed)}. But {told}."


def _shape_sentence(result: Result, last: Operation) -> str:
    """last: the line's last operation."""
    has, needed = numbers.shape(result.shape or ()), numbers.shape(result.needed)
    if last.name == "sum":
        product = numbers.shape(last.operands[0].shape)
        return f"It runs: of the product {product}, `sum({last.arguments[0]})` leaves {has}. `{result.name}` should be {needed}."
    return f"It runs. `{result.name}` comes out as {has} and should be {needed}."


def _right_sentence(study: Study, result: Result) -> str:
    if not result.largest:
        return f"It runs, and every number of `{result.name}` is 0 in this batch, as it should be: nothing tells of the mistake."
    if study.line.function == "relu_grad":
        return (
            f"It runs, and `{result.name}` is right: here `out > 0` lets the same gradients pass as `inp > 0`. A rectifier that "
            "does not shift its result makes that so for every batch."
        )
    one = ": with one image the mistake does not show" if study.n == 1 else ""
    return f"It runs, and `{result.name}` is right{one}."


def _multiple(study: Study, factor: float) -> str:
    times = numbers.significant(max(factor, 1 / factor))
    side = "large" if factor > 1 else "small"
    if abs(max(factor, 1 / factor) / study.sample - 1) > 1e-3:
        return f"every number is {times} times too {side}"
    every = f"every number is exactly n times too {side}"
    if study.sample == study.n:
        return f"{every}, here {numbers.count(study.n)} times"
    few = f"{numbers.count(study.sample)} times for the first {numbers.count(study.sample, 'image')}"
    return f"{every}: {few}, {numbers.count(study.n)} times for all"


def _of_sample(study: Study) -> str:
    return "" if study.sample == study.n else f", for the first {numbers.count(study.sample, 'image')}"


def _accident(attempt: Attempt) -> str:
    """Where two different axes are of one size, so that torch had nothing to refuse or the shape nothing to show."""
    met = [pair for operation in attempt.line for pair in meetings(operation) if pair[0][1] == pair[1][1]]
    if met:
        (letter, size), (other, _) = met[0]
        return f"It runs by accident only: {_sized(size, letter)} meet {_sized(size, other)}, and the sizes happen to be equal."
    result, axes = attempt.result, attempt.line[-1].axes
    swapped = [
        (size, has, needed)
        for size, has, needed in zip(result.needed, axes, result.axes, strict=False)
        if has not in ("", needed)
    ]
    if result.verdict != "numbers" or not swapped:
        return ""
    size, has, needed = swapped[0]
    return f"The shape fits by accident only: {_sized(size, has)} stand where {_sized(size, needed)} should."


def _step(attempt: Attempt) -> str:
    if attempt.update is None:
        return ""
    weight = attempt.names["w"]
    line = f"`{weight} -= lr * {weight}.g`"
    if not attempt.update:
        repeated = numbers.shape(attempt.result.shape or ())
        return f"The step of training, {line}, runs as well: torch repeats the {repeated} until it fits."
    return f"Only the step of training, {line}, raises: “{attempt.update}”."


def _reached(study: Study, attempt: Attempt) -> str:
    if study.refused is None:
        return ""
    calls = [each.call for each in study.attempts]
    if attempt.call == study.refused.caller:
        return "The whole pass stops here."
    if study.refused.caller in calls and calls.index(attempt.call) > calls.index(study.refused.caller):
        return f"The whole pass does not get here: it stops before, in `{study.refused.caller}`."
    return ""


def clash(refused: Operation) -> str:
    """Which two sizes do not fit, and the rule that they break; or what does not fit into memory."""
    if refused.nbytes:
        needs = f"the result, {numbers.shape(refused.shape)}, takes {numbers.byte_count(refused.nbytes)} in float32"
        return f"{needs}, and this page counts on {numbers.byte_count(MEMORY)} of memory at most"
    (letter, size), (other, other_size) = next(pair for pair in meetings(refused) if pair[0][1] != pair[1][1])
    sizes = f"{_sized(size, letter)} against {_sized(other_size, other)}"
    if refused.name == "matmul":
        return f"the inner sizes of a matrix product must be equal, and here stand {sizes}"
    return f"aligned from the right, {sizes.replace(' against', ' stand against')}, and neither is 1"


def meetings(operation: Operation) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """The axes, as (letter, size), that an operation sets against each other though they are not the same and neither is 1."""
    if len(operation.operands) < 2:
        return []
    left, right = (list(zip(o.axes, o.shape, strict=True)) for o in operation.operands)
    if operation.name == "matmul":
        pairs = [(left[-1], right[-2:][0])]
    else:
        aligned = zip_longest(reversed(left), reversed(right), fillvalue=("", 1))
        pairs = [pair for pair in aligned if pair[0][1] != 1 and pair[1][1] != 1]
    return [(one, other) for one, other in pairs if one != other]


def _sized(size: int, letter: str) -> str:
    """ ":orange[1,000 images]"."""
    words = numbers.count(size, AXIS_NAMES[letter]) if letter else numbers.count(size)
    return f":{COLOURS[letter]}[{words}]" if letter in COLOURS else words


def stop_title(refused: Operation) -> str:
    return f"What follows, in {refused.caller}"


def stop_sentence(study: Study, refused: Operation) -> str:
    """Where the pass stops in another function than the one with the wrong line."""
    first = study.attempts[-1].result
    return (
        f"`{study.line.function}` raised nothing. The error comes later, in a line that is right: torch "
        f"{'stops at' if refused.nbytes else 'refuses'} "
        f"`{refused.expression}` for the `{first.name}` of shape {numbers.shape(first.shape or ())}, since {clash(refused)}."
        f"{_quoted(study.message)}"
    )


def pass_sentence(study: Study) -> str:
    """How far the pass comes."""
    return f"It stops in `{study.refused.caller}`." if study.refused else "It runs to its end."


def pass_details(study: Study) -> str:
    """What the table says of each gradient, in words."""
    misshapen, wrong, never = (_names(study.results, verdict) for verdict in ("shape", "numbers", "never"))
    parts = [
        f"{_listed(misshapen)} {_has(misshapen)} the wrong shape." if misshapen else "",
        f"{_listed(wrong)} {_has(wrong)} the right shape and wrong numbers." if wrong else "",
        f"{_listed(never)} {'is' if len(never) == 1 else 'are'} never set." if never else "",
        "Everything agrees with autograd." if study.outcome == "right" else "",
    ]
    return " ".join(part for part in parts if part)


def pass_note(study: Study) -> str:
    """What the table's shapes and numbers are of."""
    few = numbers.count(study.sample, "image")
    of = f"all {few}" if study.sample == study.n > 1 else f"the {'one image' if study.n == 1 else f'first {few}'}"
    return f"Shapes are those at n = {numbers.count(study.n)}; differences from autograd are of {of}."


def pairs_sentence(study: Study) -> str:
    if study.n == 1:
        return "One output less one target is one number, and it is the right one."
    n = numbers.count(study.n)
    size = numbers.byte_count(4 * study.n**2)
    told = ""
    if study.pairs and not study.line.sets:
        wrong, right = numbers.significant(study.pairs.wrong_loss, 5), numbers.significant(study.pairs.loss, 5)
        told = (
            f" The mean of all squares is {wrong}, that of the diagonal {right}{_of_sample(study)}. Autograd of such a loss "
            f"pulls every output to the mean of all targets, {numbers.fixed(study.pairs.targ.mean().item())}, whatever the image "
            "shows."
        )
    return (
        f"`out - targ` is a table of {n} × {n} numbers, {size}: every output less every target. Only on the diagonal, framed, is "
        f"an :orange[image] set against its own target.{told}"
    )


def _names(results: Sequence[Result], verdict: str) -> list[str]:
    return [result.name for result in results if result.verdict == verdict]


def _listed(names: Sequence[str]) -> str:
    return listed(f"`{name}`" for name in names)


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"
