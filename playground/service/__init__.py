"""The answerer: an embedded service that answers the same API on loopback, as a process of its own."""
