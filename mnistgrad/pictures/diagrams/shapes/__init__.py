"""The shape diagram of every operation: tensors as boxes, drawn from their recorded shapes and axes."""
