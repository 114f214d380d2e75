"""How long a test waits before it fails, also on a machine that does ten other things: no test that passes takes as long."""

SOON = 120.0  # seconds, for what comes at once on a quiet machine
ENDED_WITHIN = 600  # for a process that computes, from its imports to its end
