"""Shapes that a reader typed: aligned, stretched, combined."""
