"""A wrong line: what it changes, the shapes it sets against each other, and what comes out."""
