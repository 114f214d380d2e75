"""Numbers as text and checks of arguments: what everything else may use."""
