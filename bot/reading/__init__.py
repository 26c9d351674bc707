"""From a feed entry to an article that can be matched, at the lowest cost to the site and to us."""
