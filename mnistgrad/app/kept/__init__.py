"""What the pages show, kept for all sessions."""
