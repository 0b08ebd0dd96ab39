"""A report: all of a results folder on one page, for a person who was not there.

words, differences, answer     numbers in words; what differs from what; what may be said of it
design, tables, pictures       how the question was put; the numbers; the figures
limits, origin                 what cannot be said; what played it, and how to repeat it
page                           these together, as one HTML file without scripts or links to load
"""

from pathlib import Path

from sim.experiments.running.results import Results, results_of
from sim.inputs.documents import path_of
from sim.outputs.files import write_files
from sim.show.report.page import rendered
from sim.show.report.pictures import pictures

__all__ = ["write_report"]

FILE = "report.html"


def write_report(
    results: Results | str | Path, path: str | Path | None = None, *, force: bool = False
) -> Path:
    """Write a results folder as one self-contained HTML page, and return where it is.

    The same results give the same bytes on the same machine.

    Args:
        results: a finished results folder, or its path or name.
        path: the file to write; `report.html` in the results folder if not given.
        force: write also over a file that is not ours.

    Raises:
        sim.inputs.problems.InputError: when there is no finished run, its files are damaged, or the file
            is there already and is not ours.
        sim.inputs.problems.RunError: when the file cannot be written.

    """
    found = results_of(results)
    path = found.folder / FILE if path is None else path_of(path)
    content = rendered(found, pictures(found)).encode()
    inside = path.parent.resolve() == found.folder.resolve()
    write_files({path: content}, force=force, within=path.parent if inside else None)
    return path
