"""The pass at the sizes that the sentences about it are read at."""

import re
from functools import lru_cache

from loops import over

from mnistgrad.network.presets import PRESETS
from mnistgrad.trace.passes import PROGRAMS, record_pass
from mnistgrad.trace.recording import Operation

SIZES = [(1, 2), (1, 100), (2, 50), (3, 2), (6, 30), (9, 22), (50, 50), (784, 50), (1_000, 100), (50_000, 50)]
each_size = over(("n", "nh"), SIZES)
each_form = over("form", PROGRAMS)


@lru_cache(maxsize=64)
def recorded(n: int, nh: int, form: str, preset: str = "lesson-2019") -> tuple[Operation, ...]:
    return record_pass(n, nh, PRESETS[preset].relu, form)


def plain(sentence: str) -> str:
    return re.sub(r":\w+\[(.*?)\]", r"\1", sentence).replace("**", "")
