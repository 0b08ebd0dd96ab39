"""What an agenda setter proposes when rejection leaves a known reversion in force."""

import numpy as np
from jaxtyping import Float

Position = float | Float[np.ndarray, "..."]


def setter_proposal(pivot: Position, setter_ideal: Position, reversion: Position) -> Position:
    """Give the setter's best take-it-or-leave-it proposal that the pivotal voter accepts.

    All are positions on one issue in the same unit, numbers or arrays that broadcast: the pivotal
    voter's ideal, the setter's ideal, and the policy if the proposal fails. The pivot likes
    positions the less the further they are from its ideal, so it accepts whatever is no further
    from it than the reversion. The worse the reversion is for the pivot, the more the setter gets:
    min(setter_ideal, 2 * pivot - reversion) if reversion <= pivot <= setter_ideal.

    Source: Romer and Rosenthal (1978).
    """
    reach = np.abs(pivot - reversion)
    return np.clip(setter_ideal, pivot - reach, pivot + reach)
