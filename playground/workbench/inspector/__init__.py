"""The inspector: every request as it was sent and answered, with its times, for reading, copying and export."""

from playground.workbench.inspector.inspector import Inspector

__all__ = ["Inspector"]
