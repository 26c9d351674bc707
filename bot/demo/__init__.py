"""The demonstration: a small French news site on loopback, its articles, and the command that runs Vigie on it."""
