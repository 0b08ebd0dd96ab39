"""What a campaign counts: by kind, how many were tried, told in a sentence, carried on, and found."""

import threading
from dataclasses import dataclass, field

COLUMNS = ("tried", "told in a sentence", "carried on", "found")


@dataclass
class Tally:
    """Counts by kind, and what was found: a traceback, a lost world, a changed bit, a file gone."""

    told: dict[str, int] = field(default_factory=dict)
    carried_on: dict[str, int] = field(default_factory=dict)
    found: list[tuple[str, str, str]] = field(default_factory=list)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, what: str, told: bool, wrong: str = "") -> None:
        """Count one try: `what` was tried, and what is wrong with what came of it, if anything is."""
        with self._one_at_a_time:
            if wrong:
                self.found.append((kind, what, wrong))
                print(f"found    {kind}: {what}: {wrong}", flush=True)
                return
            where = self.told if told else self.carried_on
            where[kind] = where.get(kind, 0) + 1

    def row(self, kind: str) -> tuple[int, int, int, int]:
        """The counts of a kind, in the order of `COLUMNS`."""
        told, carried = self.told.get(kind, 0), self.carried_on.get(kind, 0)
        found = sum(one == kind for one, _, _ in self.found)
        return told + carried + found, told, carried, found

    def table(self, kinds: list[str]) -> str:
        """The counts as a table that reads well in a terminal and in Markdown."""
        rows = [("kind", *COLUMNS)]
        rows += [(kind, *(f"{n:,}" for n in self.row(kind))) for kind in kinds]
        total = [sum(self.row(kind)[i] for kind in kinds) for i in range(len(COLUMNS))]
        rows.append(("all", *(f"{n:,}" for n in total)))
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = [
            "| "
            + " | ".join(
                [
                    row[0].ljust(widths[0]),
                    *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
                ]
            )
            + " |"
            for row in rows
        ]
        rule = (
            "|"
            + "|".join(["-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:])])
            + "|"
        )
        return "\n".join([lines[0], rule, *lines[1:]])
