"""What is kept of chats: who follows what, and what they are sent."""
