"""What the model is told: static parts first, so that the KV cache can keep them."""
