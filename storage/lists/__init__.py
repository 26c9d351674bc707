"""Official lists: what is known of each, what moved, and the proof of it."""
