"""What those who run Vigie are told."""
