"""Engines that need no model: deterministic by seed, honest by name, and obedient to the whole request."""
