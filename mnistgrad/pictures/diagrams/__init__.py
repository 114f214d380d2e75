"""Shapes and values in, SVG out; one look."""
