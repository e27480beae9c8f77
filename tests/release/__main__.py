"""`make release-check`: whether what is here can be released; exit code 1 if not."""

from __future__ import annotations

import sys

from tests.release.checks import CHECKS


def main() -> int:
    """Make every check, and say of each what is amiss."""
    failed = False
    for check in CHECKS:
        amiss = list(check())
        failed = failed or bool(amiss)
        print(f"{'no ' if amiss else 'yes'} {check.__name__.replace('_', ' ')}")
        for line in amiss:
            print(f"      {line}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
