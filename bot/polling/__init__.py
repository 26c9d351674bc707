"""From a due feed to its entries, politely."""
