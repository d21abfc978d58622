"""See architecture in docs."""
