"""Keys for a developer's machine: made once, kept in a file only its owner can read. Production never comes here."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from casework.domain.keys import Keyring, SealKey

FILE = "development-keys.json"


def keyring(folder: Path) -> Keyring:
    """The keys in `folder`, made now where there are none."""
    file = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        fresh = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in ("sealing", "index", "chain")}
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
            json.dump(fresh, handle)
    kept = {name: base64.b64decode(text) for name, text in json.loads(file.read_text(encoding="utf-8")).items()}
    return Keyring(sealing=(SealKey("dev", kept["sealing"]),), index_key=kept["index"], chain_key=kept["chain"])
