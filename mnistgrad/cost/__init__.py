"""What a weight gradient costs, and how that is measured."""
