"""Seniority: pay grows with it, and the pension tier depends on the date of hire."""

from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array, over_members
from sim.inputs.parameter import SHARE, Number, Section, parameter, switch


class Seniority(Section):
    """What senior members earn and have at stake, compared with junior ones.

    Tier I are those hired before July 1984, tier II those hired until June 1997, tier IIA the rest.
    """

    on: Annotated[
        StrictBool,
        switch(
            text="pay and pension tier depend on seniority",
            source="Office of Legislative Research, report 2010-R-0454: tiers by date of hire",
        ),
    ] = False
    votes_told: Annotated[
        StrictBool,
        parameter(
            text="whether the votes of junior and of senior members are told apart, which changes none",
            unit="none",
            source="what to measure: Cappelli and Sterling 1988 compare juniors and seniors",
        ),
    ] = False
    pay_by_seniority: Annotated[
        Number,
        parameter(
            text="pay of the most senior less that of the most junior member",
            unit="times mean pay",
            source="assumption: no distribution was found",
            low=0,
            high=1.9,
            plausible=(0, 1),
        ),
    ] = 0.0
    tier_one_share: Annotated[
        Number,
        parameter(
            text="share of members in pension tier I, the most senior",
            unit=SHARE,
            source="no source found: placeholder",
            low=0,
            high=1,
            plausible=(0.02, 0.2),
        ),
    ] = 0.0
    tier_two_share: Annotated[
        Number,
        parameter(
            text="share of members in pension tier II, next to them",
            unit=SHARE,
            source="no source found: placeholder",
            low=0,
            high=1,
            plausible=(0.2, 0.6),
        ),
    ] = 0.0
    tier_one_stake: Annotated[
        Number,
        parameter(
            text="what pension cuts cost a member of tier I, besides what seniority alone does",
            unit="times that of tier IIA",
            source="assumption",
            low=0,
            high=100,
            plausible=(0.5, 3),
        ),
    ] = 1.0
    tier_two_stake: Annotated[
        Number,
        parameter(
            text="what pension cuts cost a member of tier II, besides what seniority alone does",
            unit="times that of tier IIA",
            source="assumption",
            low=0,
            high=100,
            plausible=(0.5, 2),
        ),
    ] = 1.0


def relative_pay(
    seniority: Float[Array, " members"], pay_by_seniority: Float[Array, "#worlds"]
) -> Float[Array, "#worlds members"]:
    """Pay by seniority (0 junior, 1 senior), in times the mean: a straight line. Derived here."""
    return 1 + over_members(pay_by_seniority) * (seniority - 0.5)


def pension_stake(
    seniority: Float[Array, " members"],
    tier_one_share: Float[Array, "#worlds"],
    tier_two_share: Float[Array, "#worlds"],
    tier_one_stake: Float[Array, "#worlds"],
    tier_two_stake: Float[Array, "#worlds"],
) -> Float[Array, "#worlds members"]:
    """How much of the pension pain falls on whom, in times the mean; members are slices of seniority.

    The most senior are in tier I, the next in tier II, the rest in tier IIA. A slice in which two
    tiers meet has the mean of its members. Derived here.
    """
    one = _share_above(seniority, 1 - tier_one_share)
    one_or_two = _share_above(seniority, 1 - tier_one_share - tier_two_share)
    more, more_in_two = tier_one_stake - 1, tier_two_stake - 1
    stake = 1 + over_members(more) * one + over_members(more_in_two) * (one_or_two - one)
    return stake / over_members(1 + more * tier_one_share + more_in_two * tier_two_share)


def _share_above(
    seniority: Float[Array, " members"], border: Float[Array, "#worlds"]
) -> Float[Array, "#worlds members"]:
    """Share of each slice of seniority that lies above a border; slices have their middle at `seniority`."""
    return np.clip((seniority - over_members(border)) * len(seniority) + 0.5, 0, 1)
