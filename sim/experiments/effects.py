"""What a change of setting does: how the design points of a finished run differ from one of them."""

import pandas as pd

from sim.experiments.compare import measured, paired_difference
from sim.experiments.store import Results
from sim.problems import InputError, nearest


def against(results: Results, measure: str, base: int = 0) -> pd.DataFrame:
    """How much more of a measure every design point has than the base; one row a point.

    Raises:
        InputError: when the base or the measure is not there, or replications share no draws.
    """
    experiment = results.experiment
    if experiment.file.random_numbers != "common":
        raise InputError(
            ['random_numbers = "independent": differences are paired; must be "common"']
        )
    by_point = {
        number: measured(of_point, experiment.points[number].scenario)
        for number, of_point in results.worlds.groupby("point")
    }
    if base not in by_point:
        raise InputError([f"base = {base}: there are points {min(by_point)} to {max(by_point)}"])
    known = by_point[base].select_dtypes(["number", "bool"]).columns
    if measure not in known:
        raise InputError([f'measure = "{measure}": is not measured{nearest(measure, known)}'])
    rows = []
    for number, of_point in by_point.items():
        found = paired_difference(by_point[base], of_point, measure)
        ends = {"difference": found.estimate, "low": found.low, "high": found.high}
        labels = experiment.points[number].labels
        rows.append({"point": number, **labels, **ends, "pairs": found.pairs})
    return pd.DataFrame(rows)
