"""Trains the two default experiments again and stores what came out: `python -m mnistgrad.training.measuring --help`.

Results, not times: another machine or version of torch may change the last digits.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mnistgrad.training.stored import FILE, store


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE, help="the file to write; the package's own unless given")
    out: Path = parser.parse_args(arguments).out
    try:
        store(out)
    except OSError as error:
        sys.exit(f"Cannot write {out}: {error.strerror}. Nothing was changed.")
    print(f"Wrote {out}.")


if __name__ == "__main__":
    main()
