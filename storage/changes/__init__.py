"""What changed in a span of time, from what is stored."""
