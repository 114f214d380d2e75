"""Debugger: diagrams."""
