"""Which articles tell one event, and which only one affair: copies, terms, steps, vetoes, the judge. Pure."""
