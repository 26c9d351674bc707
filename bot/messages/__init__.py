"""What a message is made of: sentences, markup, buttons, links to ourselves."""
