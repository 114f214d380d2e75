"""The states that have a name, from the dashboard's own table."""

from mnistgrad.app.named_states import NAMED_STATES


def named() -> str:
    """A table: each with its link."""
    lines = [f"| {name} | `/{state.link.removeprefix('.')}` |" for name, state in NAMED_STATES.items()]
    return "\n".join(["| State | Link |", "|---|---|", *lines])
