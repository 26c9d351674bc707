"""What is kept of articles."""
