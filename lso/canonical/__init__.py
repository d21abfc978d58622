"""What we mean: the canonical model, in snake_case, the union of what the releases can say. No I/O."""
