"""A picture's table as a file: every column that has a unit names it in brackets, as in "time [s]"."""

import pandas as pd

HEADS = {
    "seconds": "time [s]",
    "nbytes": "memory [bytes]",
    "bytes": "memory [bytes]",
    "bytes_alive": "memory alive [bytes]",
    "alive": "memory alive [bytes]",
    "from_percent": "from [% of images]",
    "to_percent": "to [% of images]",
    "angle to the full batch": "angle to the full batch [degrees]",
}
ENDS = ("low", "high")  # of what was measured, in its unit


def csv_file(frame: pd.DataFrame) -> bytes:
    """One line of heads, and one for each row."""
    return frame.rename(columns=heads_of(frame)).to_csv(index=False).encode()


def heads_of(frame: pd.DataFrame) -> dict[str, str]:
    """By the name of each column that has a unit."""
    heads = {name: HEADS[name] for name in frame.columns if name in HEADS}
    unit = next((head.partition(" ")[2] for head in heads.values()), "")
    return heads | {name: f"{name} {unit}" for name in ENDS if name in frame.columns and unit}
