"""Where shipped files are, in a checkout and in an installed wheel alike."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def root() -> Path:
    """The folder of shipped files: ``_resources`` in a wheel, top-level ``resources`` in a checkout."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """The path of one shipped file, such as ``path("fonts", "Inter-Regular.otf")``."""
    return root().joinpath(*parts)
