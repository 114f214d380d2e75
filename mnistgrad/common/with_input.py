"""Another module as a process that ends with its input: `python -m mnistgrad.common.with_input MODULE …`."""

import runpy
import sys

from mnistgrad.common.processes import end_with_input

if __name__ == "__main__":
    end_with_input()  # before the module is loaded: torch takes seconds
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
