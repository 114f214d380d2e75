"""What goes home: a script and a notebook that recompute the numbers of a state with torch alone."""
