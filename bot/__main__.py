"""`python -m bot ...`: Usher's one program."""

from __future__ import annotations

import sys

from bot.cli import main

sys.exit(main.main(sys.argv[1:]))
