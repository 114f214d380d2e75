"""What a reader's notebook printed: read, and found among the gradients that it can be."""
