"""The sentences of the cost page, each from a measurement and the counts."""

from mnistgrad.captions.faults import why
from mnistgrad.common import numbers
from mnistgrad.common.faults import Busy, Ended, is_out_of_memory
from mnistgrad.cost.measurement import COST_METHODS, FORWARD, Cost, Measurement
from mnistgrad.network.data import PIXELS, TRAINING_IMAGES
from mnistgrad.network.gradients import BLOCK

KICKER = "What it costs: time and memory"
EXACT = 1_000_000  # bytes from which a measured peak is said as it is
ALIKE = 1.5  # times as long that still counts as "about"
UNMEASURED = "A gradient for every weight takes as many multiplications as the forward product"
MEASURE_IT = "The stored measurement cannot be read. Press **Measure on this machine**: your own needs none."
STARTING = "Starting …"
MEMORY_SEEN = (
    "is the largest resident size of that process during a run, as the Linux kernel counts it (VmHWM, set back before each run), "
    "less its size before; median of three runs. What is free is given back to the system first. The kernel counts pages of "
    "4 kB, so below 10 kB it tells nothing. What torch's libraries keep from the warm-up is not counted."
)
MEMORY_NOT_SEEN = "is calculated here, what the results take: this system does not tell a process its peak."


def headline(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    ratio = _ratio(found, "matmul", FORWARD, at)
    if 1 / ALIKE <= ratio <= ALIKE:
        return "A gradient for every weight costs about as much as the forward product"
    return f"A gradient for every weight takes {_times(ratio)} the forward product's time at {numbers.count(at, 'image')}"


def lede(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    broadcast = found.at("broadcast", at)
    return (
        "What costs is the line as it is written, which makes a matrix for every image before it adds them up. "
        f"{_measured_at(found, n)}: {_time(broadcast)} and {_memory(broadcast)}, against {_time(found.at('matmul', at))} and "
        f"{_memory(found.at('matmul', at))} for `inp.t() @ out.g`."
    )


def source(found: Measurement, whose: str, nh: int) -> str:
    """Which measurement is shown, and where it comes from. whose: "own", "link" or ""."""
    machine = found.machine
    which = {"own": "Your measurement", "link": "A result from a link", "": "A stored measurement"}[whose]
    other = "" if found.plan.nh == nh else f", with **{numbers.count(found.plan.nh, 'hidden unit')}**, not {nh}"
    upto = numbers.count(found.plan.largest, "image")
    return f"{which}, up to {upto}: {machine.date}, {machine.processor}{other}."


def progress(done: int, total: int, last: tuple[str, int, float] | None) -> str:
    """last: the method, the count and the seconds that came last."""
    if last is None:
        return STARTING
    method, n, seconds = last
    return f"{done} of {total}: {COST_METHODS[method].label} at {numbers.count(n, 'image')}, {numbers.duration(seconds)}"


def failed(error: Exception) -> str:
    how = "could not be started" if isinstance(error, OSError) else "did not tell all of its results"
    if isinstance(error, Busy | Ended) or is_out_of_memory(error):
        return f"The measurement failed: {why(error)}. The one before it stands here."
    return f"The measurement {how}; the server's own output may say why. The one before it stands here."


def stopped(done: int, total: int) -> str:
    return f"Stopped after {done} of {total}; a part measured is not kept. The one before it stands here."


def counts_sentence() -> str:
    return (
        "Both products take every :orange[image], every :blue[pixel] and every :green[hidden unit] together once. "
        "The line keeps all these terms; a matrix product keeps only their sum."
    )


def products_title() -> str:
    """Above the two products where they stand small, as one answer."""
    return "As many multiplications as the forward product"


def products_sentence(found: Measurement | None, n: int, nh: int) -> str:
    """found: None where nothing measured can be read."""
    says = f"Written `inp.t() @ out.g`, the {numbers.count(PIXELS * nh)} gradients are one matrix product"
    if found is None:
        return f"{says}."
    at = found.nearest(n)
    where = [f"at {numbers.count(at, 'image')}"] * (at != n) + [f"with {found.plan.nh} units"] * (found.plan.nh != nh)
    gradient, forward = found.at("matmul", at), found.at(FORWARD, at)
    line = f"The line itself keeps every product before it adds them up: {_time(found.at('broadcast', at))}."
    return f"{says}: {_time(gradient)} beside {_time(forward)}, measured{''.join(f' {part}' for part in where)}. {line}"


def line_time_title(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    times = _times(_ratio(found, "broadcast", "matmul", at))
    return f"The line takes {times} as long as one product, at {numbers.count(at, 'image')}"


def line_time_sentence(found: Measurement) -> str:
    lesson = "Diamonds: the lesson's whole backward pass, on its machine." if found.plan.largest == TRAINING_IMAGES else ""
    return f"Pale: the forward product. {_hollow(found)}{lesson}".strip()


def line_memory_title(found: Measurement) -> str:
    last = found.line_of("broadcast")[-1]
    return f"The line: {_memory(last)} at {numbers.count(last.n, 'image')}"


def line_memory_sentence() -> str:
    return "Peak memory, beyond what was there before."


def pass_time_title(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    return f"The whole pass: by hand {_time(found.at('manual', at))}, autograd {_time(found.at('autograd', at))}"


def pass_time_sentence(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    times = _times(_ratio(found, "per image", "manual", at))
    return f"{_measured_at(found, n)}; the gradients of each image apart, by `vmap(grad)`, {times} as long as by hand."


def pass_memory_title(found: Measurement) -> str:
    last = found.line_of("per image")[-1]
    return f"Each image's gradients apart: {_memory(last)} at {numbers.count(last.n, 'image')}"


def pass_memory_sentence(found: Measurement) -> str:
    blocks = f" By hand it goes in blocks of {numbers.count(BLOCK)} images." if found.plan.largest > BLOCK else ""
    return f"Autograd keeps `l1` and `l2` of every image.{blocks}"


def how(found: Measurement) -> str:
    """How it is measured, and what that does not say."""
    plan, machine = found.plan, found.machine
    budget = numbers.byte_count(plan.budget)
    return (
        f"**What ran.** {machine.threads} of {numbers.count(machine.cores, 'core')}, torch {machine.torch}, "
        f"{numbers.count(plan.nh, 'hidden unit')}, up to {numbers.count(plan.largest, 'image')}, nothing above {budget}. The "
        "multiplications hold everywhere; the times are this machine's.\n\n"
        "A measurement runs in a process of its own, in which nothing else happens, and on one core, so that other work disturbs "
        "it little; readers take turns. Every way runs once to warm up. This dashboard computes its gradients as "
        f"`{COST_METHODS['matmul'].code}`.\n\n"
        "**Time** is wall-clock time: the median of 7 to 100 runs, and in grey the middle half of them.\n\n"
        f"**Memory** {MEMORY_SEEN if found.memory_seen else MEMORY_NOT_SEEN}\n\n"
        f"**Calculated**, never run, is what would take more than {budget}: its bytes follow from the shapes, its time from that "
        "of the last measured count, in proportion to the images; where more memory has to be fetched, it is longer."
    )


def _measured_at(found: Measurement, n: int) -> str:
    at = found.nearest(n)
    return f"At :orange[{numbers.count(at, 'image')}]" + ("" if at == n else f" (measured nearest to {numbers.count(n)})")


def _ratio(found: Measurement, method: str, to: str, at: int) -> float:
    return found.at(method, at).seconds.median / found.at(to, at).seconds.median


def _times(ratio: float) -> str:
    return f"{numbers.significant(ratio, 2)} times"


def _time(cost: Cost) -> str:
    return numbers.duration(cost.seconds.median) + (" (calculated)" if cost.seconds.calculated else "")


def _memory(cost: Cost) -> str:
    """Measured in pages, of which some may have been there before: a small one is no exact figure."""
    nbytes = round(cost.nbytes.median)
    if cost.nbytes.calculated:
        return f"{numbers.byte_count(nbytes)} (calculated)"
    return f"about {numbers.byte_count(round(nbytes, -4))}" if EXACT > nbytes > EXACT / 20 else numbers.byte_count(nbytes)


def _hollow(found: Measurement) -> str:
    return "Hollow: calculated, not run. " if any(cost.seconds.calculated for cost in found.line_of("broadcast")) else ""
