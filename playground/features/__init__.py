"""Nothing but tabs, a folder each."""
