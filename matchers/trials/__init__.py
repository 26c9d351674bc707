"""What a configuration would do, why it did, and what is wrong or doubtful in it. Pure."""
