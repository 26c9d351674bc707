"""The archive judged by other rules than those in force."""
