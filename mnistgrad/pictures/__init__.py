"""Charts, diagrams, and what they share."""
