"""What a reader says, and what the bot answers."""
