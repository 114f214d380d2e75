"""Tables as text, CSV or JSON."""

import math

import pandas as pd

from mnistgrad.common import numbers

UNITS = {" [s]": numbers.duration, " [bytes]": numbers.byte_count}  # which text has beside each number instead


def table_as(name: str, table: pd.DataFrame) -> bytes:
    """name: "text", "csv" or "json"."""
    if name == "csv":
        return table.to_csv(index=False).encode()
    if name == "json":
        return f"{table.to_json(orient='records', indent=1, force_ascii=False)}\n".encode()
    shown = pd.DataFrame(dict(_said(str(column), values) for column, values in table.items()))
    return f"{shown.to_string(index=False, float_format=_shown, na_rep='–')}\n".encode()


def _said(column: str, values: "pd.Series[float]") -> tuple[str, "pd.Series[float] | pd.Series[str]"]:
    for unit, say in UNITS.items():
        if column.endswith(unit):
            return column.removesuffix(unit), values.map(say)
    return column, values


def _shown(number: float) -> str:
    return numbers.significant(number) if math.isfinite(number) else str(number)
