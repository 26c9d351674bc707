"""From a feed’s bytes to its entries, in a worker process."""
