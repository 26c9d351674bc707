"""The press review as files that any web server can give."""
