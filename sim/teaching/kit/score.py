"""The deals of a class, held against theory and against the simulated negotiators."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.arrays.axes import TIE
from sim.cases.loading import load_scenario
from sim.cases.schema import Scenario
from sim.outputs.files import write_files
from sim.play.outcome import negotiate
from sim.show.figures.class_deals import class_deals
from sim.show.figures.style import as_png, as_svg
from sim.teaching.kit.deals import Deal, read_deals
from sim.teaching.kit.debrief import AGENTS, SEED
from sim.teaching.kit.paper import Paper, on_paper
from sim.theory.solutions import nash_product
from sim.worlds.batch import SIDES


@dataclass(frozen=True, eq=False)
class Scores:
    """The deals of a class and what they are worth."""

    paper: Paper
    deals: tuple[Deal, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a group of the class, its number or name in the column `table`.

        All but three columns are in the points that were played, those of the kit's sheets: `points_`,
        `better_for_both` (how many packages give one side more and neither less), `pareto_distance` (from
        the nearest package of the frontier) and `nash_ratio` (the Nash product over the largest there is).
        `governor` and `coalition` are what the deal is worth in the scenario's own utilities, `ratification`
        is how likely its first ballot ratifies it, and `ratified` is what the class said. An impasse counts
        as no agreement and has no ratification.
        """
        frame = pd.DataFrame([self._row(deal) for deal in self.deals])
        return frame.astype({"round": "Int64", "ratified": "boolean"})

    def _row(self, deal: Deal) -> dict[str, object]:
        levels = dict.fromkeys(self.paper.agenda.names, np.nan)
        points: Sequence[float] = self.paper.game.batna
        utilities: Sequence[float] = self.paper.modelled.disagreement
        likely = np.nan
        if deal.package is not None:
            number = int(self.paper.numbers[deal.package])
            levels |= dict(zip(levels, self.paper.agenda.packages[deal.package], strict=True))
            points = [self._points[side][deal.package] for side in SIDES]
            utilities = [self._modelled[side][number] for side in SIDES]
            if self.paper.modelled.must_agree:
                likely = float(self.paper.modelled.ratification[number])
        return {
            "table": deal.group,
            "agreed": deal.package is not None,
            "round": deal.round,
            **levels,
            **{f"points_{side}": float(p) for side, p in zip(SIDES, points, strict=True)},
            "better_for_both": self._better_for_both(points),
            **{side: float(utility) for side, utility in zip(SIDES, utilities, strict=True)},
            "pareto_distance": self._distance(points),
            "nash_ratio": self._nash_ratio(points),
            "ratification": likely,
            "ratified": deal.ratified,
        }

    @cached_property
    def _points(self) -> dict[str, np.ndarray]:
        return {side: self.paper.solved.packages[side].to_numpy() for side in SIDES}

    @cached_property
    def _modelled(self) -> dict[str, np.ndarray]:
        return {side: self.paper.modelled.packages[side].to_numpy() for side in SIDES}

    def _better_for_both(self, points: Sequence[float]) -> int:
        gains, ties = zip(*map(self._gain, SIDES, points), strict=True)
        no_worse = [gain >= -tie for gain, tie in zip(gains, ties, strict=True)]
        better = [gain > tie for gain, tie in zip(gains, ties, strict=True)]
        return int((np.all(no_worse, axis=0) & np.any(better, axis=0)).sum())

    def _gain(self, side: str, own: float) -> tuple[np.ndarray, float]:
        """What each package gives a side beyond its own points, and how much of that is rounding."""
        points = self._points[side]
        return points - own, TIE * float(np.abs(points).max())

    def _distance(self, points: Sequence[float]) -> float:
        frontier = self.paper.solved.pareto
        gaps = [frontier[side] - own for side, own in zip(SIDES, points, strict=True)]
        return float(np.hypot(*gaps).min())

    def _nash_ratio(self, points: Sequence[float]) -> float:
        """The Nash product of a deal over that of the Nash solution; NaN without a ZOPA to gain from."""
        without, best = self.paper.solved.disagreement, self.paper.solved.nash
        if best is None:
            return float("nan")
        one, most = (
            nash_product(np.array([to[0]]), np.array([to[1]]), without)[0]
            for to in (points, best.utilities)
        )
        return min(float(one / most), 1.0) if most > 0 else float("nan")

    @cached_property
    def agents(self) -> pd.DataFrame:
        """The packages that the scenario's own negotiators agreed on: points, and share of worlds."""
        worlds = negotiate(self.paper.scenario, AGENTS, seed=SEED).frame()
        names = list(self.paper.agenda.names)
        packages = self.paper.modelled.packages
        known = pd.MultiIndex.from_frame(packages[names])
        agreed = known.get_indexer(pd.MultiIndex.from_frame(worlds.loc[worlds["agreed"], names]))
        numbers, counts = np.unique(agreed, return_counts=True)
        return self.paper.in_points(packages.iloc[numbers]).assign(share=counts / len(worlds))

    def write(self, folder: Path, *, force: bool = False) -> tuple[Path, Path]:
        """Write `scores.csv` and the figure `class_deals`; return the paths of the table and the PNG.

        Raises:
            InputError: when one of them is there already and is not ours; with `force` it is replaced.
            RunError: when the folder cannot be written.
        """
        differs = self.paper.against_the_model.words
        drawn = class_deals(self.paper.solved, self.table, self.agents, differs)
        table = self.table.to_csv(index=False, lineterminator="\n")
        files = {
            folder / "scores.csv": table.encode(),
            folder / "class_deals.png": as_png(drawn),
            folder / "class_deals.svg": as_svg(drawn),
        }
        write_files(files, force=force)
        written, picture, _ = files
        return written, picture


def score(deals: str | Path, scenario: Scenario | str | Path = "sebac-2011") -> Scores:
    """Score the deals of a class that played the kit of a scenario.

    Raises:
        sim.inputs.problems.InputError: when the scenario or a cell of the deals is wrong.
    """
    scenario = load_scenario(scenario) if isinstance(scenario, str | Path) else scenario
    paper = on_paper(scenario)
    return Scores(paper, tuple(read_deals(deals, paper)))
