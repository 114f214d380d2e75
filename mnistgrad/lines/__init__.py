"""Lines of a reader's own, and lines as learners write them wrongly."""
