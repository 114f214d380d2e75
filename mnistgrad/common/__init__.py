"""Numbers as text, checks of arguments, work in a process of its own: what everything else may use."""
