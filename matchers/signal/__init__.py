"""What an article is about, whether it tells an event, and what in it tells nothing. Pure."""
