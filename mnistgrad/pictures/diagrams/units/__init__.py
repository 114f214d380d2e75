"""Units: diagrams."""
