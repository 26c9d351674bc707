"""What we keep, and for how long."""
