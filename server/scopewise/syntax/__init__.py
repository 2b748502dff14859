"""Trees and queries: what the text says about structure, in any language with a grammar folder."""
