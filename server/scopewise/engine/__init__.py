"""Text in, text out: the protocol every engine follows, and the engines behind it."""
