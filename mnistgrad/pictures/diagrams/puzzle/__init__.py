"""Puzzle: diagrams."""
