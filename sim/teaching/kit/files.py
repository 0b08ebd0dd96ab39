"""The files of a kit: pages to print, the game, and a table for the deals of the class."""

from collections.abc import Sequence
from pathlib import Path

import tomli_w

from sim.cases.loading import as_document
from sim.outputs.files import write_files
from sim.teaching.kit.contents import Kit
from sim.teaching.kit.deals import columns
from sim.teaching.kit.pages import pages
from sim.teaching.kit.paper import written


def write_kit(kit: Kit, folder: Path, *, force: bool = False) -> list[Path]:
    """Write the sheets, one file each and all in one, the game, and the table for deals.

    The same kit gives the same bytes.

    Raises:
        InputError: when one of them is there already and is not ours, such as the deals of a class; with
            `force` it is replaced.
        RunError: when the folder cannot be written.
    """
    files = {folder / name: text.encode() for name, text in _files(kit).items()}
    write_files(files, force=force)
    return list(files)


def _files(kit: Kit) -> dict[str, str]:
    return pages(kit) | {
        "game.toml": tomli_w.dumps(as_document(kit.paper.game)),
        "deals.csv": _csv(kit, []),
        "deals_example.csv": _csv(kit, _example_deals(kit)),
    }


def _example_deals(kit: Kit) -> list[dict[str, object]]:
    """A deal that theory would choose, one that another is better than for both, and none."""
    packages = kit.paper.solved.packages
    inside = packages[packages["zopa"] & ~packages["pareto"]]
    chosen = kit.paper.solved.nash.number if kit.paper.solved.nash else 0
    poor = int(inside.index[len(inside) // 2]) if len(inside) else chosen
    ratified = {"ratified": "yes"} if kit.voters else {}
    deals = [
        {"table": group, "agreed": "yes", "round": when, **ratified, **_levels(kit, number)}
        for group, when, number in ((1, kit.paper.rounds - 1, chosen), (2, kit.paper.rounds, poor))
    ]
    return [*deals, {"table": 3, "agreed": "no"}]


def _levels(kit: Kit, package: int) -> dict[str, str]:
    agenda = kit.paper.agenda
    levels = zip(agenda.names, agenda.packages[package], strict=True)
    return {name: written(level) for name, level in levels}


def _csv(kit: Kit, deals: Sequence[dict[str, object]]) -> str:
    names = columns(kit.paper)
    rows = [[str(deal.get(name, "")) for name in names] for deal in deals]
    return "".join(",".join(row) + "\n" for row in [names, *rows])
