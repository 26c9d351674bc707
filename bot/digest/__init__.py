"""What a reader receives: when a digest is due, what it holds, how it reads."""
