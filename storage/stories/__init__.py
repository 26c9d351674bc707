"""What is kept of stories and dossiers, and what chats were told of them."""
