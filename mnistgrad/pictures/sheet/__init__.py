"""A picture on a sheet of its own, with all that it says of itself, and the sheet as a file."""
