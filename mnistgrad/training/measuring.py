"""Trains the two default experiments again, or how they end at each rate: `python -m mnistgrad.training.measuring --help`.

Results, not times: another machine or version of torch may change the last digits.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mnistgrad.training import rates, stored


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", action="store_true", help="how each ends at each rate, instead of its curves")
    parser.add_argument("--out", type=Path, help="the file to write; the package's own unless given")
    chosen = parser.parse_args(arguments)
    what = rates if chosen.rates else stored
    out: Path = chosen.out or what.FILE
    try:
        what.store(out)
    except OSError as error:
        sys.exit(f"Cannot write {out}: {error.strerror}. Nothing was changed.")
    print(f"Wrote {out}.")


if __name__ == "__main__":
    main()
