"""What may leave the machine: what is never sent, what is replaced, what it costs, who agreed."""
