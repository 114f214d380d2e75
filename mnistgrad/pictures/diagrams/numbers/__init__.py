"""The numbers of an operation on a small window: tables, added rows, one cell with its terms."""
