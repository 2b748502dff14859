"""Which other code goes into a prompt."""
