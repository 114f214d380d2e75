"""The pages, which only place things."""
