"""What the user chose: connections, preferences, and where secrets are kept."""
