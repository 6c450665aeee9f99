"""What the program remembers about itself: connections, preferences, and where secrets and files are kept."""
