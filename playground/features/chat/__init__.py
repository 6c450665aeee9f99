"""Chat: a conversation with a deployment, kept as a tree in which nothing is destroyed."""
