"""Stack traces: what they say, and which function could hold the cause."""
