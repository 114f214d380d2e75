"""What a weight gradient is like."""
