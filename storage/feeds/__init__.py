"""What is kept of sources: feeds, polls, hosts, sites."""
