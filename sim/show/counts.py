"""How many worlds a number rests on: every measure has its own n."""

import pandas as pd

from sim.play.measures import ALWAYS, MEASURES

FEW = 30  # worlds, below which a mean may be far from normal
FEW_MARK = "*"
FEW_IN_WORDS = f"{FEW_MARK} rests on fewer than {FEW} worlds: a rough number"


def counts(summary: pd.DataFrame, measure: str) -> pd.Series:
    """How many worlds of each design point have a measure; missing where a table does not tell."""
    name = f"{measure.removesuffix('_median')}_n"
    if name in summary:
        return summary[name].astype(float)
    known = MEASURES.get(measure)
    if known is not None and known.exists == ALWAYS and "n" in summary:
        return summary["n"].astype(float)
    return pd.Series(float("nan"), index=summary.index)


def few(numbers: pd.Series) -> pd.Series:
    """Which numbers rest on few worlds, though on some."""
    return (numbers > 0) & (numbers < FEW)
