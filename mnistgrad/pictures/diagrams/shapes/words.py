"""Words that stand in the shape diagrams: what an arrow does, and what is left out of a method's text."""

from mnistgrad.common import numbers
from mnistgrad.trace.recording import Operation


def method(step: Operation) -> str:
    """What the step does to its first operand, as written: ".sum(0)", "… - 0.5", "2. * …"."""
    if not step.operands:
        return step.expression
    operand = step.operands[0].text
    rest = step.expression.replace(operand, "…", 1)
    return rest.removeprefix("(…)").removeprefix("…") if rest.startswith(("(…).", "….")) else rest


def deed(step: Operation) -> tuple[str, ...]:
    """In a few short lines, what a step with one tensor does to every number of it."""
    number = step.arguments[0] if step.arguments else None
    words: dict[str, tuple[str, ...]] = {
        "clamp_min": ("what is negative", "becomes 0"),
        "sub number": (f"{number} less,", "everywhere"),
        "pow": ("each one", "squared"),
        "mul number": ("twice each,", "from the square"),
        "div number": (f"1/n, here {_inverse(number)}:", "the loss is a mean"),
        "gt": ("which units", "are on?"),
        "float": ("on is 1,", "off is 0"),
        "squeeze": ("same numbers,", "one axis less"),
        "unsqueeze": ("same numbers,", "one axis more"),
        "t": ("rows become", "columns"),
    }
    return words.get(step.manner, ())


def _inverse(n: object) -> str:
    return f"1/{numbers.count(n)}" if isinstance(n, int) and n > 1 else "1"
