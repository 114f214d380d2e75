"""A result as a table and as pictures, in the formats that are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from mnistgrad.app.command.delivering import STDOUT, Piece, check_target, deliver
from mnistgrad.app.command.options import TABLES, TEXT, Look
from mnistgrad.app.command.pictures import Shown, pieces_of
from mnistgrad.app.command.tables import table_as

HERE = "."


@dataclass(frozen=True)
class Result:
    """name: begins the names of its tables' files. brief: the columns that are shown as text."""

    name: str
    table: pd.DataFrame
    brief: Sequence[str]
    shown: Sequence[Shown]


def check_out(out: str | None, formats: Sequence[str]) -> None:
    """Before a result is made: whether `report` can put it there. Raises click.ClickException."""
    check_target(out or HERE, one=len(formats) == 1 and formats[0] in (TEXT, *TABLES))


def report(result: Result, formats: Sequence[str], look: Look, out: str | None) -> None:
    """out: as `deliver` takes it; None for the standard output where one table is asked for, else for the folder we are in."""
    pieces = [piece for name in formats for piece in _pieces(result, name, look)]
    tables_alone = len(pieces) == 1 and formats[0] in (TEXT, *TABLES)
    deliver(pieces, out or (STDOUT if tables_alone else HERE))


def _pieces(result: Result, name: str, look: Look) -> list[Piece]:
    if name not in (TEXT, *TABLES):
        return pieces_of(result.shown, [name], look)
    ending, table = ("txt", result.table[[*result.brief]]) if name == TEXT else (name, result.table)
    return [Piece(f"mnistgrad-{result.name}.{ending}", partial(table_as, name, table))]
