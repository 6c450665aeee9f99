"""Connections: which places can be asked, how each is reached, and what is wrong when one does not answer."""
