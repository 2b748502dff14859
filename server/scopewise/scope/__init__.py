"""What code depends on: its imports, its names, and the frames of a trace."""
