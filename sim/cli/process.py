"""The process of a command: its streams, interrupts, and the exit code, whatever becomes of them."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

BROKEN_PIPE, INTERRUPTED = 141, 130


def run() -> int:
    """Do what was typed; gives the exit code."""
    interrupts: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = _nothing_of_interrupts
    _open_what_is_closed()
    os.environ["MPLBACKEND"] = "agg"  # figures go into files, whatever backend is named
    try:
        code = _typed()
    except BaseException:
        if not interrupts:  # an interrupt is an interrupt, whatever an import makes of it
            raise
        code = INTERRUPTED
    return _printed(code)


def _typed() -> int:
    """Do what was typed; gives its exit code."""
    from sim.cli.commands import app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page must not stop a run
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0


def _printed(code: int) -> int:
    """The exit code, once all that was said is really written."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or BROKEN_PIPE
    except OSError as error:
        with suppress(OSError):
            print(f"error: standard output cannot be written ({error.strerror})", file=sys.stderr)
        code = code or 1
    else:
        return code
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
    )  # what is left is not tried again
    return code


def _open_what_is_closed() -> None:
    """Put nothing in place of streams that whoever called has closed, before a file takes their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115


def _nothing_of_interrupts(what: Any) -> None:
    """Leave at an interrupt that came where Python can only tell of it; of all else it tells."""
    if isinstance(what.exc_value, KeyboardInterrupt):
        os._exit(INTERRUPTED)  # every file is written whole, so nothing is lost
    sys.__unraisablehook__(what)
