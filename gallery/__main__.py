"""`python -m gallery`: draws every sample card into gallery/out and says what is wrong with any."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gallery import chromium, drawing, samples


def main() -> int:
    """Draw the gallery. 0 when all cards are well, 1 when one is not, 2 when something needed is missing."""
    parser = argparse.ArgumentParser(prog="python -m gallery", description=__doc__)
    parser.add_argument("--samples", type=Path, default=samples.FOLDER, help="folder of the sample cards")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out", help="where the pictures go")
    options = parser.parse_args()
    try:
        cards = samples.read(options.samples)
        drawn = drawing.draw(cards, options.out)
    except (ValueError, FileNotFoundError, chromium.NoChromium) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in drawn.problems:
        print(problem, file=sys.stderr)
    print(f"{len(cards)} cards in {len(drawn.pictures)} pictures, {len(drawn.problems)} problems: {options.out}")
    return 1 if drawn.problems else 0


if __name__ == "__main__":
    sys.exit(main())
