"""What is kept for those who run Vigie."""
