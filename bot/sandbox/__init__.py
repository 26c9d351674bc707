"""What stands between foreign bytes and the rest: a process that may compute and nothing else, and answers as data."""
