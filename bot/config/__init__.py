"""The operator’s wishes, from the environment and the folder’s files; every mistake is told at its place."""
