"""Seniority: pay grows with it, and the pension tier depends on the date of hire."""

import numpy as np
from jaxtyping import Float
from pydantic import StrictBool

from sim.arrays.axes import Array, stretch
from sim.inputs.parameter import SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Mechanism


class SenioritySettings(Section):
    """What senior members earn and have at stake, compared with junior ones.

    Tier I are those hired before July 1984, tier II those hired until June 1997, tier IIA the rest.
    """

    # fmt: off
    on: StrictBool = switch("pay and pension tier depend on seniority", default=False,
        source="Office of Legislative Research, report 2010-R-0454: tiers by date of hire")
    votes_told: StrictBool = parameter(
        "whether the votes of junior and of senior members are told apart, which changes none", "none",
        default=False, source="what to measure: Cappelli and Sterling 1988 compare juniors and seniors",
        acts=({"on": (True, False)},))
    pay_by_seniority: Number = parameter("pay of the most senior less that of the most junior member",
        "times mean pay", default=0.0, low=0, high=1.9, plausible=(0, 1),
        source="assumption: no distribution was found")
    tier_one_share: Number = parameter("share of members in pension tier I, the most senior", SHARE,
        default=0.0, low=0, high=1, plausible=(0.02, 0.2), source="no source found: placeholder")
    tier_two_share: Number = parameter("share of members in pension tier II, next to them", SHARE,
        default=0.0, low=0, high=1, plausible=(0.2, 0.6), source="no source found: placeholder")
    tier_one_stake: Number = parameter(
        "what pension cuts cost a member of tier I, besides what seniority alone does",
        "times that of tier IIA", default=1.0, low=0, high=100, plausible=(0.5, 3), source="assumption")
    tier_two_stake: Number = parameter(
        "what pension cuts cost a member of tier II, besides what seniority alone does",
        "times that of tier IIA", default=1.0, low=0, high=100, plausible=(0.5, 2), source="assumption")
    # fmt: on


def relative_pay(
    seniority: Float[Array, " members"], pay_by_seniority: Float[Array, "#worlds"]
) -> Float[Array, "#worlds members"]:
    """Pay by seniority (0 junior, 1 senior), in times the mean: a straight line. Derived here."""
    return 1 + stretch(pay_by_seniority) * (seniority - 0.5)


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
    stake = 1 + stretch(more) * one + stretch(more_in_two) * (one_or_two - one)
    return stake / stretch(1 + more * tier_one_share + more_in_two * tier_two_share)


def _share_above(
    seniority: Float[Array, " members"], border: Float[Array, "#worlds"]
) -> Float[Array, "#worlds members"]:
    """Share of each slice of seniority that lies above a border; slices have their middle at `seniority`."""
    return np.clip((seniority - stretch(border)) * len(seniority) + 0.5, 0, 1)


class Seniority(Mechanism):
    """Pay and pension tier depend on seniority."""

    table = "seniority"
    settings = SenioritySettings

    def members(self, seniority: Float[Array, " members"]) -> dict[str, Array]:
        """Pay and pension stake of members by seniority."""
        tiers = ("tier_one_share", "tier_two_share", "tier_one_stake", "tier_two_stake")
        return {
            "relative_pay": relative_pay(seniority, self.own("pay_by_seniority")),
            "pension_stake": pension_stake(seniority, *(self.own(tier) for tier in tiers)),
        }
