"""The official SDKs, unmodified, against the embedded service."""
