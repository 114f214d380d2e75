"""A measurement as a text short enough for a link, and back. What comes back may be from anybody: nothing of it is believed."""

import json
import math
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Sequence
from datetime import date
from typing import Any

from mnistgrad.common.arguments import whole_number
from mnistgrad.cost.measurement import (
    MOST_CORES,
    MOST_RUNS,
    Machine,
    Measurement,
    MeasurementPlan,
    Spread,
    cost_line,
    head_line,
    read,
)

LONGEST, LONGEST_NAME = 6_000, 60  # characters of the text, and of a processor's name in it
MOST_BYTES = 64_000  # that it may hold
MOST_SECONDS, MOST_NBYTES = 1e5, 1e13
DIGITS = 4  # significant ones of a time
# All but letters that mean nothing in Markdown, and what begins an address.
ODD = re.compile(r"[^A-Za-z0-9 (),+.-]|www\.", re.IGNORECASE)
VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4}){1,3}(\+[a-z0-9]{1,12})?")


def carried(found: Measurement) -> str:
    """The text. What a link may not carry of the processor's name is left out."""
    plan, machine = found.plan, found.machine
    processor = " ".join(ODD.sub(" ", machine.processor).split())[:LONGEST_NAME]
    head = [plan.largest, plan.budget, plan.nh, processor, machine.cores, machine.threads, machine.torch, machine.date]
    at = {(cost.n, cost.method): cost for cost in found.costs}
    rows = [_numbers(at[task].seconds, DIGITS) + _numbers(at[task].nbytes, 0) for task in plan.tasks]
    packed = zlib.compress(json.dumps([head, *rows], separators=(",", ":")).encode(), 9)
    return urlsafe_b64encode(packed).decode().rstrip("=")


def _numbers(spread: Spread, digits: int) -> list[float]:
    """digits: 0 for whole numbers."""
    values = [spread.low, spread.median, spread.high]
    return [*(float(f"{value:.{digits}g}") if digits else round(value) for value in values), spread.runs]


def uncarried(text: str) -> Measurement:
    """The measurement in such a text. Raises ValueError where it is none, or holds what cannot have been measured."""
    try:
        head, *rows = json.loads(_unpacked(text))
        largest, budget, nh, processor, cores, threads, torch, day = head
        plan = MeasurementPlan(largest, budget, nh)
        machine = Machine(
            _plain(processor),
            whole_number("cores", cores, 1, MOST_CORES),
            whole_number("threads", threads, 1, MOST_CORES),
            _version(torch),
            date.fromisoformat(day).isoformat(),
        )
        lines = [_line(task, row) for task, row in zip(plan.tasks, rows, strict=True)]
        return read([head_line(plan, machine), *lines])
    except (TypeError, KeyError, AttributeError, RecursionError, OverflowError, NoBase64, zlib.error) as error:
        raise ValueError(f"text is no measurement ({error})") from error


def _unpacked(text: str) -> bytes:
    if len(text) > LONGEST:
        raise ValueError(f"text has {len(text)} characters; at most {LONGEST} are possible")
    packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(packed, MOST_BYTES)
    if not unpacking.eof:
        raise ValueError(f"text is cut, or holds more than {MOST_BYTES} bytes")
    return content


def _plain(name: Any) -> str:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or ODD.search(name):
        raise ValueError("processor is not written as one is")
    return name


def _version(given: Any) -> str:
    if not isinstance(given, str) or not VERSION.fullmatch(given):
        raise ValueError("torch is not written as a version is")
    return given


def _line(task: tuple[int, str], row: Any) -> str:
    n, method = task
    seconds, nbytes = _spread(row[:4], MOST_SECONDS, least_runs=2), _spread(row[4:], MOST_NBYTES, least_runs=0)
    return cost_line(method, n, seconds, nbytes if nbytes.runs else None)


def _spread(values: Sequence[Any], most: float, least_runs: int) -> Spread:
    low, median, high, runs = values
    for value in (low, median, high):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{value!r} is no number")
    if not 0 <= low <= median <= high <= most or (least_runs and not median):
        raise ValueError(f"{low}, {median}, {high} are no low, median and high")
    return Spread(low, median, high, whole_number("runs", runs, least_runs, MOST_RUNS))
