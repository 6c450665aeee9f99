"""What is remembered: SQLite history, drafts and search. JSON text in, JSON text out; no Qt, no wire."""
