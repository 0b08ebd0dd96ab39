"""Tables that are kept and given out again: who changes what he was given changes nothing here."""

import pandas as pd

COPIED_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3


def handed_out(table: pd.DataFrame) -> pd.DataFrame:
    """A copy of a table; from pandas 3 on, rows are not copied before somebody changes them."""
    return table.copy(deep=not COPIED_ON_WRITE)
