"""What we look for, and whether this is it. Pure: no I/O, no clock, nothing of ours imported."""
