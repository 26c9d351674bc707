"""An article laid out, and every term found in it in one pass. Pure."""
