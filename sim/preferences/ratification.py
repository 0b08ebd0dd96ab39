"""Ballots and bylaws: what members are asked, how votes are weighed, and when an agreement is ratified."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize.elementwise import find_root
from scipy.special import logit, ndtri
from scipy.stats import qmc

from sim.arrays.axes import Array, distinct, over_packages, over_unions, take
from sim.arrays.logit import Expansion
from sim.mechanisms.turnout import share_of_votes_cast, share_who_voted
from sim.preferences.agenda import Agenda
from sim.preferences.utility import MemberUtility

WEIGHT_TIE = 1e-9  # a weight this little below the quota reaches it
MAJORITY = 0.5
DRAWS = 4096
PACKAGES_AT_ONCE = 64
NODES = 128  # moods at which shares are worked out; those between are interpolated
ROOM = 1e-3  # share of pay beyond the ends of an interval, so that a root lies within


@dataclass(frozen=True, eq=False)
class Ballot:
    """A package put to the members of some worlds, and what they believe when they vote.

    `belief` is the probability they give to `threat` (persons) being carried out; `mood` is the
    shock common to all unions less the cost they wrongly imagine (share of pay), and `leanings` what
    moves single unions besides. `question` tells what members gain from a Yes to what is asked.
    `turnout` holds the share of those for and of those against who vote; without it all do. All arrays
    are over `worlds`.
    """

    agenda: Agenda
    worlds: Int[Array, " voting"]
    package: Int[Array, " voting"]
    belief: Float[Array, " voting"]
    threat: Float[Array, "#voting"]
    mood: Float[Array, " voting"]
    leanings: Float[Array, "voting unions"] | None = None
    question: Callable[..., Float[Array, "worlds packages members"]] = MemberUtility.gain
    turnout: tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None = None

    def leaning(self, union: int) -> float | Float[Array, " voting"]:
        """What moves the members of one union (share of pay), besides the common mood."""
        return 0.0 if self.leanings is None else self.leanings[:, union]

    def once(self, name: int, compute: Callable[[], Array]) -> Array:
        """What is worked out for this ballot a single time, such as the votes of a union."""
        if name not in self._worked_out:
            self._worked_out[name] = compute()
        return self._worked_out[name]

    def among(self, chosen: Int[Array, " chosen"]) -> "Ballot":
        """The same ballot in some of its worlds, chosen by their places in it."""
        return replace(
            self,
            worlds=self.worlds[chosen],
            package=self.package[chosen],
            belief=self.belief[chosen],
            threat=take(self.threat, chosen),
            mood=self.mood[chosen],
            leanings=None if self.leanings is None else self.leanings[chosen],
            turnout=self.turnout and (take(self.turnout[0], chosen), take(self.turnout[1], chosen)),
        )

    def yes_share(
        self, utility: MemberUtility, militancy: Float[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """Share of Yes among the votes of some members, given how mild they are (share of pay)."""
        _, deal = self._gains(utility)
        noise = utility.of(self.worlds).noise
        share = self._choices(utility).at(deal, (militancy + self.mood) / noise)
        return share if self.turnout is None else share_of_votes_cast(share, *self.turnout)

    def in_favour_by_half(
        self, utility: MemberUtility, militancy: Float[Array, " voting"]
    ) -> Float[Array, "2 voting"]:
        """Share in favour among the junior and the senior half of some members, whether they vote or not.

        Who stands in the middle counts in both halves.
        """
        gain, deal = self._gains(utility)
        members = gain.shape[-1]
        juniors, seniors = gain[:, : (members + 1) // 2], gain[:, members // 2 :]
        own = utility.of(self.worlds)
        mood = (militancy + self.mood) / own.noise
        return np.stack([own.choices(half).at(deal, mood) for half in (juniors, seniors)])

    def yes_shares(
        self, utility: MemberUtility, militancy: Float[Array, " moods"]
    ) -> Float[Array, "voting moods"]:
        """The same share at several degrees of mildness, for worlds that share one utility."""
        gain, deal = self._gains(utility)
        shares = np.empty((len(deal), len(militancy)))
        for first in range(0, len(deal), PACKAGES_AT_ONCE):
            voting = np.arange(len(deal))[first : first + PACKAGES_AT_ONCE]
            asked, mild = np.repeat(voting, len(militancy)), np.tile(militancy, len(voting))
            share = utility.yes_share(gain, deal[asked], mild + self.mood[asked])
            if self.turnout is not None:
                share = share_of_votes_cast(share, *(take(side, asked) for side in self.turnout))
            shares[voting] = share.reshape(len(voting), -1)
        return shares

    def voted(self, yes: Float[Array, "voting unions"]) -> Float[Array, "voting unions"] | None:
        """The share of each union's members who voted, given the share of Yes among their votes."""
        return None if self.turnout is None else share_who_voted(yes, *self.turnout)

    def militancy_needed(self, utility: MemberUtility) -> Float[Array, " voting"]:
        """How mild (share of pay) a union must be for just half of its votes to be Yes.

        For worlds that share one utility.
        """
        gain, deal = self._gains(utility)
        even = utility.noise * logit(self._in_favour)
        kindest, harshest = (ends[deal] + self.mood - even for ends in (gain.max(-1), gain.min(-1)))

        def beyond_half(militancy: Array, voting: Array) -> Array:
            mood = militancy + self.mood[voting]
            return utility.yes_share(gain, deal[voting], mood) - self._in_favour[voting]

        ends = (-kindest - ROOM, -harshest + ROOM)
        return find_root(beyond_half, ends, args=(np.arange(len(deal)),)).x

    @cached_property
    def _in_favour(self) -> Float[Array, " voting"]:
        """The share of members in favour at which the votes cast are even."""
        if self.turnout is None:
            return np.full(len(self.worlds), MAJORITY)
        supporters, opponents = self.turnout
        return np.broadcast_to(opponents / (supporters + opponents), len(self.worlds))

    def _gains(
        self, utility: MemberUtility
    ) -> tuple[Float[Array, "deals members"], Int[Array, " voting"]]:
        """What members gain from each deal, and each world's deal; worked out once for unions alike."""
        if utility not in self._known:
            first, deal = self._deals if utility.shared else (np.arange(len(self.worlds)),) * 2
            gain = self.question(
                utility.of(self.worlds[first]),
                self.agenda,
                over_packages(self.package[first]),
                self.belief[first],
                take(self.threat, first),
            )
            self._known[utility] = gain[:, 0], deal
        return self._known[utility]

    def _choices(self, utility: MemberUtility) -> Expansion:
        """How members choose; kept for the next who ask, where all worlds share what they want."""
        if utility in self._chosen:
            return self._chosen[utility]
        choices = utility.of(self.worlds).choices(self._gains(utility)[0])
        if utility.shared:
            self._chosen[utility] = choices
        return choices

    @cached_property
    def _known(self) -> dict[MemberUtility, tuple[Array, Array]]:
        return {}

    @cached_property
    def _worked_out(self) -> dict[int, Array]:
        return {}

    @cached_property
    def _chosen(self) -> dict[MemberUtility, Expansion]:
        return {}

    @cached_property
    def _deals(self) -> tuple[Int[Array, " deals"], Int[Array, " voting"]]:
        """Worlds that differ in package, belief or threat: one of each kind, and each world's kind."""
        beliefs = np.unique(self.belief, return_inverse=True)[1]
        threats = np.unique(self.threat, return_inverse=True)[1]
        columns = (self.package, beliefs, np.broadcast_to(threats, len(self.worlds)))
        _, deal = distinct(*columns)
        return np.unique(deal, return_index=True)[1], deal


@dataclass(frozen=True, eq=False)
class Bylaws:
    """Who must say yes: a number of unions and a weight, each by `weighting` "unit" or "pooled".

    Unit: a union's majority casts its whole membership, as the SEBAC bylaws of 1996 had it. Pooled:
    the yes shares of all members are added up, as per-capita votes cast (July 2011).
    """

    unions_required: Int[Array, "#worlds"]
    weight_required: Float[Array, "#worlds"]
    weighting: Array

    def of(self, worlds: Int[Array, " chosen"]) -> "Bylaws":
        """The bylaws of some worlds."""
        fields = (self.unions_required, self.weight_required, self.weighting)
        return Bylaws(*(take(x, worlds) for x in fields))

    def spread(self, worlds: int) -> "Bylaws":
        """The same bylaws with one row a world."""
        fields = (self.unions_required, self.weight_required, self.weighting)
        return Bylaws(*(np.broadcast_to(x, worlds) for x in fields))

    def where(self, amended: Bool[Array, " worlds"], new: "Bylaws") -> "Bylaws":
        """These bylaws, and the new ones in the worlds that amended them."""
        return Bylaws(
            np.where(amended, new.unions_required, self.unions_required),
            np.where(amended, new.weight_required, self.weight_required),
            np.where(amended, new.weighting, self.weighting),
        )


@dataclass(frozen=True, eq=False)
class Count:
    """A counted ballot.

    `yes` is the share of yes in each union (voting, unions); `yes_share` that of all votes;
    `unions_yes` the unions with a majority; `weight_yes` the weight that the bylaws test;
    `ratified` the result under the `bylaws` in force (one row a voting world); `turnout` the share of
    all members who voted, where it was not all of them.
    """

    worlds: Int[Array, " voting"]
    yes: Float[Array, "voting unions"]
    yes_share: Float[Array, " voting"]
    unions_yes: Int[Array, " voting"]
    weight_yes: Float[Array, " voting"]
    ratified: Bool[Array, " voting"]
    bylaws: Bylaws
    turnout: Float[Array, " voting"] | None = None


@dataclass(frozen=True, eq=False)
class UnitCount:
    """A ballot counted by bargaining unit: the share of Yes in each of them.

    `ballot` is 1 or 2, the coalition's ballot that it was or went with; `question` is what was asked,
    "coalition" (health and pensions, which bind everybody) or "wages" (those of the unit).
    """

    ballot: int
    question: str
    worlds: Int[Array, " voting"]
    yes: Float[Array, "voting units"]

    @property
    def units_yes(self) -> Int[Array, " voting"]:
        """How many units have a majority."""
        return carried(self.yes).sum(-1)


def carried(yes: Float[Array, "voting unions"]) -> Bool[Array, "voting unions"]:
    """Which unions voted yes: more than half of their members."""
    return yes > MAJORITY


def count(
    worlds: Int[Array, " voting"],
    yes: Float[Array, "voting unions"],
    weights: Float[Array, " unions"],
    bylaws: Bylaws,
    voted: Float[Array, "voting unions"] | None = None,
) -> Count:
    """Count a ballot under the doubly weighted rule: enough unions, and enough weight behind them.

    `voted` is the share of each union's members who voted; without it all did.
    """
    turnout = None if voted is None else (weights * voted).sum(-1)
    cast = weights if voted is None else weights * voted / over_unions(turnout)
    pooled = (yes * cast).sum(-1)
    unit = (carried(yes) * weights).sum(-1)
    unions_yes = carried(yes).sum(-1)
    weight = np.where(bylaws.weighting == "pooled", pooled, unit)
    enough = (unions_yes >= bylaws.unions_required) & (
        weight >= bylaws.weight_required - WEIGHT_TIE
    )
    in_force = bylaws.spread(len(worlds))
    return Count(worlds, yes, pooled, unions_yes, weight, enough, in_force, turnout)


@dataclass(frozen=True, eq=False)
class Prospects:
    """How likely each package is ratified, over the moods that its unions may be in.

    `ballot` asks each package once, of worlds that share what members want (`members`, by union).
    `mildness` (share of pay) is how mild each union is expected to be, and `mood` how much milder it may
    turn out (see `moods`); a chance is the mean over the same moods for all packages, and so to about .01.
    """

    ballot: Ballot
    members: Sequence[MemberUtility]
    mildness: Float[Array, " unions"]
    mood: Float[Array, "draws unions"]
    weights: Float[Array, " unions"]

    def chances(
        self, unions_required: int, weight_required: float, weighting: str
    ) -> Float[Array, " packages"]:
        """The probability that each package is ratified under a quota and a way to weigh votes."""
        return self.chances_over([(unions_required, weight_required)], weighting)[0]

    def chances_over(
        self, quotas: Sequence[tuple[int, float]], weighting: str, draws: int = DRAWS
    ) -> Float[Array, "quotas packages"]:
        """The same under several quotas of unions and weight, over some of the draws of moods."""
        chances = np.empty((len(quotas), len(self.needed)))
        mood = self.mood[:draws]
        for first in range(0, len(self.needed), PACKAGES_AT_ONCE):
            some = slice(first, first + PACKAGES_AT_ONCE)
            yes = mood > self.needed[some, None]
            unions = yes.sum(-1)
            unit = weighting == "unit"
            weight = np.vecdot(yes, self.weights) if unit else self._pooled(some, draws)
            for number, (unions_required, weight_required) in enumerate(quotas):
                enough = (unions >= unions_required) & (weight >= weight_required - WEIGHT_TIE)
                chances[number, some] = enough.mean(-1)
        return chances

    @cached_property
    def needed(self) -> Float[Array, "packages unions"]:
        """How much milder than expected each union must be for half of its votes to be Yes."""
        kinds = dict.fromkeys(self.members)
        needed = {kind: self.ballot.militancy_needed(kind) for kind in kinds}
        alone = np.stack([needed[member] for member in self.members], axis=-1)
        leanings, which = self._leanings
        return alone - self.mildness - leanings[which]

    @cached_property
    def _leanings(self) -> tuple[Float[Array, "kinds unions"], Int[Array, " packages"]]:
        """What moves single unions besides: the few ways that differ, and which of them each package has."""
        if self.ballot.leanings is None:
            return np.zeros((1, len(self.weights))), np.zeros(len(self.ballot.package), np.intp)
        leanings, which = np.unique(self.ballot.leanings, axis=0, return_inverse=True)
        return leanings, which.ravel()

    def _pooled(self, some: slice, draws: int) -> Float[Array, "packages draws"]:
        """The share of Yes among all members, for some of the packages and the first of the draws."""
        yes, weight = self._by_mood
        _, which = self._leanings
        pooled = np.empty((len(yes[some]), len(self.mood[:draws])))
        for kind in np.unique(which[some]):
            alike = which[some] == kind
            pooled[alike] = np.vecdot(yes[some][alike, None], weight[kind][:draws])
        return pooled

    @cached_property
    def _by_mood(self) -> tuple[Float[Array, "packages moods"], list[Float[Array, "draws moods"]]]:
        """The share of Yes at each of NODES moods, and how much of the weight is in each of them.

        A share changes smoothly with the mood, so that a union between two nodes is shared between them
        and the pooled share is a sum over nodes. Unions that want the same have one set of nodes. The
        weight is told for each way in which unions lean.
        """
        leanings, _ = self._leanings
        mild = self.mildness + self.mood + leanings[:, None]
        yes, weight = [], []
        for kind in dict.fromkeys(self.members):
            alike = np.array([member is kind for member in self.members])
            places = mild[..., alike]
            nodes = np.linspace(places.min(), places.max() + ROOM, NODES)
            yes.append(self.ballot.yes_shares(kind, nodes))
            weight.append([weight_at(nodes, place, self.weights[alike]) for place in places])
        together = [np.concatenate(each, axis=-1) for each in zip(*weight, strict=True)]
        return np.concatenate(yes, axis=-1), together


def weight_at(
    nodes: Float[Array, " nodes"],
    place: Float[Array, "draws unions"],
    weights: Float[Array, " unions"],
) -> Float[Array, "draws nodes"]:
    """How much weight is at each node if each union's is shared between the two next to its place.

    Nodes rise evenly. A sum of values at the nodes by this weight interpolates linearly between them.
    """
    steps = np.interp(place, nodes, np.arange(len(nodes)))
    node = np.minimum(steps.astype(np.intp), len(nodes) - 2)
    beyond = steps - node
    found = np.zeros((len(place), len(nodes)))
    draws = np.arange(len(place))
    for union, weight in enumerate(weights):
        found[draws, node[:, union]] += weight * (1 - beyond[:, union])
        found[draws, node[:, union] + 1] += weight * beyond[:, union]
    return found


def moods(unions: int, militancy_sd: float, common_shock_sd: float) -> Float[Array, "draws unions"]:
    """How mild unions are (share of pay) in DRAWS worlds that stand for all: quasi-random normal draws."""
    normal = _normal_draws(unions + 1)
    return militancy_sd * normal[:, 1:] + common_shock_sd * normal[:, :1]


@cache
def _normal_draws(dimensions: int) -> Float[Array, "draws dimensions"]:
    """Draws that fill the space evenly (Sobol' 1967, scrambled), always the same."""
    return ndtri(qmc.Sobol(dimensions, rng=0).random(DRAWS))
