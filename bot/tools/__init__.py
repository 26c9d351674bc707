"""What an operator asks of Vigie on the command line, one use case a module; the bot’s commands ask the same."""
