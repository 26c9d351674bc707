"""What a person writes in a watchlist, and the tree of terms that it becomes. Pure."""
