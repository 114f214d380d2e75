"""Sets of images: what they show, those that are fetched, and those of a reader's own files."""
