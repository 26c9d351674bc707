"""The official acts that a text names, what it is to them, and the days that it sets. Pure."""
