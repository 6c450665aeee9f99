"""Looks for a leaked secret in every form that a program may write it in."""

import base64
import json
import urllib.parse
from pathlib import Path


def spellings(secret: str) -> dict[str, bytes]:
    """The eight forms in which a leaked secret is looked for."""
    raw = secret.encode()
    return {
        "raw": raw,
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "base64": base64.b64encode(raw).rstrip(b"="),
        "url": urllib.parse.quote(secret, safe="").encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "hex": raw.hex().encode(),
        "reversed": raw[::-1],
    }


def hits(secret: str, folder: Path) -> list[str]:
    """Where the secret is found beneath a folder, as ``file: form``; also in the names of files."""
    forms = spellings(secret)
    found = []
    for path in folder.rglob("*"):
        content = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
        found += [f"{path.relative_to(folder)}: {name}" for name, form in forms.items() if form in content]
    return found
