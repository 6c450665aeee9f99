"""What does the work behind each capability.

Protocols, the simulated engines, and the choice between engines.
"""
