"""What a user can ask for: one feature a file, one table of producers."""
