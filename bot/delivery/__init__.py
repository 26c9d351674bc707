"""From a stored delivery to a message that arrives once."""
