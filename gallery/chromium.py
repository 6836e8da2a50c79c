"""Where Chromium is and how it is started, for the gallery and for the tests that drive it."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # containers and root have no sandbox; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
)


class NoChromium(Exception):
    """There is no Chromium on this machine; the message says how to get one."""


def find() -> str:
    """The path of the Chromium to start. Raises NoChromium."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    raise NoChromium("Chromium is missing. Install it with `make browser`, or on Debian: apt-get install chromium")
