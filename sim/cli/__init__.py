"""The command line: `bargain`, also `python -m sim`.

Exit codes: 0 done; 1 the run failed; 2 the input is wrong; 130 interrupted; 141 nobody reads what is
printed (as for `| head`). Heavy modules are imported inside the commands, so that `bargain --help` is quick.
"""

import sys

TYPE_CHECKING = False  # as of `typing`, of which an interrupt should not find us waiting
if TYPE_CHECKING:
    from sim.cli.commands import app as app


def main() -> None:
    """Run the command line."""
    try:
        from sim.cli.process import run

        code = run()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def __getattr__(name: str) -> object:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sim.cli.commands import app

    return app
