"""Variance: diagrams."""
