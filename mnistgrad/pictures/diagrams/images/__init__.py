"""Images: diagrams."""
