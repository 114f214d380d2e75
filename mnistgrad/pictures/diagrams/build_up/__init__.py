"""Build up: diagrams."""
