"""Measurements made up for tests: costs that follow a formula, as lines of a file and read."""

from collections.abc import Callable

from mnistgrad.cost.measurement import COST_METHODS, Machine, Measurement, MeasurementPlan, Spread, cost_line, head_line, read

MACHINE = Machine("Test processor", 4, 1, "2.9.1", "2026-01-31")
PACE = dict(zip(COST_METHODS, (1.0, 40.0, 1.3, 0.9, 3.0, 3.5, 60.0), strict=True))  # microseconds an image


def made_up_seconds(method: str, n: int) -> float:
    return 1e-6 * (5 + PACE[method] * n)


def made_up_lines(
    plan: MeasurementPlan, seconds: Callable[[str, int], float] = made_up_seconds, memory: bool = True, machine: Machine = MACHINE
) -> list[str]:
    """Medians by the formula; the middle half lies from 10% below to 20% above. Bytes are 1% more than the results take."""
    lines = [head_line(plan, machine)]
    for n, method in plan.tasks:
        middle, size = seconds(method, n), 1.01 * COST_METHODS[method].nbytes(n, plan.nh)
        nbytes = Spread(size, size, 1.02 * size, 3) if memory else None
        lines.append(cost_line(method, n, Spread(0.9 * middle, middle, 1.2 * middle, 7), nbytes))
    return lines


def made_up(plan: MeasurementPlan, seconds: Callable[[str, int], float] = made_up_seconds, memory: bool = True) -> Measurement:
    return read(made_up_lines(plan, seconds, memory))
