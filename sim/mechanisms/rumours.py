"""Rumours of what the deal costs: they go round while there is no text, and are corrected once there is."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from pydantic import StrictBool

from sim.arrays.axes import Array, stretch, take
from sim.arrays.streams import Stream
from sim.inputs.parameter import MORE, SHARE, Number, Section, parameter, switch
from sim.mechanisms.mechanism import Counted, Mechanism, Voting

NOBODY = np.finfo(float).tiny  # below every share of members that is not nothing


class RumoursSettings(Section):
    """How a rumour starts, spreads and is corrected, and when members get something to read."""

    # fmt: off
    on: StrictBool = switch("rumours spread among members until they have the text", default=False,
        source="CT News Junkie, 19 June 2011: rumours about SustiNet and the wellness plan")
    strength: Number = parameter("cost that those who believe the rumour imagine",
        "times information.misperceived_cost", default=0.0, low=0, high=100, plausible=(0, 3),
        source="assumption", acts=({"information.misperceived_cost": MORE},))
    seed: Number = parameter(
        "share of the median union's members who believe the rumour on the day of the agreement", SHARE,
        default=0.0, low=0, high=1, plausible=(0.01, 0.2), source="assumption")
    seed_sd: Number = parameter("how much unions differ in that, drawn in every world",
        "standard deviation of the log odds", default=0.0, low=0, high=10, plausible=(0, 1.5),
        source="assumption")
    speed: Number = parameter("how fast the rumour spreads where nothing at all is public",
        "members told a day by each who believes it", default=0.0, low=0, high=10, plausible=(0, 0.6),
        source="Bailey 1975; size assumed")
    speed_with_summary: Number = parameter("what is left of that speed once there is a summary", SHARE,
        default=1.0, low=0, high=1, plausible=(0, 1), source="assumption")
    correction: Number = parameter(
        "how fast believers are put right by full outreach, once there is the text", "share of them a day",
        default=0.0, low=0, high=10, plausible=(0, 0.2), source="assumption")
    days_to_summary: Number = parameter("from the agreement to its summary", "days", default=0.0, low=0,
        high=365, plausible=(0, 14),
        source="Hartford Courant, 17 May 2011: 4 days after the agreement of 13 May")
    days_to_text: Number = parameter("from the agreement to its full text", "days", default=0.0, low=0,
        high=365, plausible=(0, 35),
        source="SEBAC, membership update of 27 May 2011: 14 days after the agreement")
    days_to_ballot: Number = parameter("from the agreement to the first ballot", "days", default=0.0, low=0,
        high=365, plausible=(14, 60),
        source="derived: ballots of 16 to 24 June 2011, the middle 38 days after the agreement")
    days_to_second_ballot: Number = parameter("from the clarified text to the second ballot", "days",
        default=0.0, low=0, high=365, plausible=(7, 60),
        source="derived: text of 22 July 2011, ballots by 18 August")
    # fmt: on


@dataclass(frozen=True, eq=False)
class Contagion:
    """How the rumour goes round in some worlds; each field is the parameter of the same name.

    It goes round within each union: those who believe it tell others (the simple epidemic of Bailey
    1975; Daley and Kendall 1965 on rumours). Between two events the share who believe it has a closed
    form, so that no day needs a step of its own.
    """

    speed: Float[Array, "#voting"]
    speed_with_summary: Float[Array, "#voting"]
    correction: Float[Array, "#voting"]
    days_to_summary: Float[Array, "#voting"]
    days_to_text: Float[Array, "#voting"]
    days_to_ballot: Float[Array, "#voting"]
    days_to_second_ballot: Float[Array, "#voting"]

    def of(self, worlds: Int[Array, " chosen"]) -> "Contagion":
        """How it goes round in some of these worlds."""
        return Contagion(*(take(getattr(self, field.name), worlds) for field in fields(self)))

    def at_first_ballot(
        self,
        seeds: Float[Array, "voting unions"],
        secrecy: Float[Array, "#voting"],
        outreach: Float[Array, "#voting"],
    ) -> Float[Array, "voting unions"]:
        """Share of each union who believe it at the first ballot, from those who did at the agreement.

        It spreads at its speed times `secrecy`, slower after the summary, and no more after the text;
        from then on `outreach` puts believers right.
        """
        text = np.minimum(self.days_to_text, self.days_to_ballot)
        summary = np.minimum(self.days_to_summary, text)
        days = summary + self.speed_with_summary * (text - summary)
        heard = after_talk(seeds, self.speed * secrecy * days)
        return after_outreach(heard, self.correction * outreach * (self.days_to_ballot - text))

    def at_second_ballot(
        self, believing: Float[Array, "voting unions"], outreach: Float[Array, "#voting"]
    ) -> Float[Array, "voting unions"]:
        """Share of each union who believe it still at the second ballot, which has its text at once."""
        return after_outreach(believing, self.correction * outreach * self.days_to_second_ballot)


def seeds(
    median: Float[Array, "#voting"],
    sd: Float[Array, "#voting"],
    normal: Float[Array, "voting unions"],
) -> Float[Array, "voting unions"]:
    """Share of each union who believe a rumour from the start: its log odds are normal.

    `normal` are standard normal draws. Derived here.
    """
    return _more_likely(stretch(median), stretch(sd) * normal)


def after_talk(
    believing: Float[Array, "voting unions"], talk: Float[Array, "#voting"]
) -> Float[Array, "voting unions"]:
    """Share of each union who believe a rumour after `talk`: speed times days.

    The simple epidemic dp/dt = speed p (1 - p) adds speed times days to the log odds (Bailey 1975).
    """
    return _more_likely(believing, stretch(talk))


def after_outreach(
    believing: Float[Array, "voting unions"], outreach: Float[Array, "#voting"]
) -> Float[Array, "voting unions"]:
    """Share of each union who believe it still after `outreach`: speed of correction times days.

    Of those who are wrong the same share is put right every day: dp/dt = -speed p. Derived here.
    """
    return believing * np.exp(-stretch(outreach))


def shifts_by_union(
    believing: Float[Array, "voting unions"], cost: Float[Array, "#voting"]
) -> Float[Array, "voting unions"]:
    """How much a rumour moves the members of each union, by the `cost` believers imagine (share of pay)."""
    return -stretch(cost) * believing


def _more_likely(share: Float[Array, "#voting #unions"], log_odds: Array) -> Array:
    """A share after some log odds are added to its own; nobody stays nobody."""
    return share / np.maximum(share + (1 - share) * np.exp(-log_odds), NOBODY)


class Rumours(Mechanism):
    """Rumours go round in the unions, and are corrected; who believes one imagines a cost."""

    table = "rumours"
    settings = RumoursSettings
    typical = {"seed_sd": 0.0}
    imagined_by_some = True

    @cached_property
    def _seeds(self) -> Float[Array, "worlds unions"]:
        """Share of each union who believe the rumour on the day of the agreement."""
        normal = self.draws.normals(Stream.RUMOUR_SEED, len(self.weights))
        return seeds(self.own("seed"), self.own("seed_sd"), normal)

    def believing(self, voting: Voting) -> Float[Array, "voting unions"]:
        """Share of each union who believe the rumour at a ballot."""
        worlds = voting.worlds
        contagion = Contagion(**{f.name: self.own(f.name, worlds) for f in fields(Contagion)})
        outreach = {
            which: take(self.values[f"information.outreach_{which}"], worlds)
            for which in ("first", "second")
        }
        first = contagion.at_first_ballot(self._seeds[worlds], voting.secrecy, outreach["first"])
        if voting.ballot == "first":
            return first
        return contagion.at_second_ballot(first, outreach["second"])

    def shifts_by_union(self, voting: Voting) -> Float[Array, "voting unions"]:
        """How much the rumour moves the members of each union."""
        cost = self.own("strength") * self.values["information.misperceived_cost"]
        return shifts_by_union(self.believing(voting), take(cost, voting.worlds))

    def columns(
        self, number: int, voting: Voting, counted: Counted
    ) -> dict[str, Float[Array, " voting"]]:
        """Share of all members who believe the rumour at each ballot: `rumour_1`, `rumour_2`."""
        return {f"rumour_{number}": (self.believing(voting) * self.weights).sum(-1)}
