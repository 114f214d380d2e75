"""What is not believed of what browsers send, and what happens where something fails all the same."""
