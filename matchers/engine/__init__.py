"""Which watchlists retain an article: entities in context, trees, the score. Pure."""
