"""How axes and numbers go through torch's operations."""
