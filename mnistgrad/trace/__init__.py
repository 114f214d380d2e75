"""The recorder: the operations that really ran, with their axes, their source and their values."""
