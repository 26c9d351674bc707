"""Official acts: the articles that are one, those that found on one, and the days that they set."""
