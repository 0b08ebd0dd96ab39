"""A ballot: what members of some worlds are asked, what they believe then, and how they vote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.special import logit

from sim.arrays.axes import Array, distinct, first_of_each, pieces, stretch, take
from sim.arrays.logit import Expansion
from sim.mechanisms.turnout import share_of_votes_cast, share_who_voted
from sim.preferences.agenda import Agenda
from sim.preferences.bylaws import MAJORITY
from sim.preferences.member import MemberUtility

PACKAGES_AT_ONCE = 64
VOTES_AT_ONCE = 32_768  # groups x worlds that stay in a processor's cache
Gains = tuple[
    Float[Array, "kinds deals members"], Int[Array, " voting"], Float[Array, "kinds #deals"]
]
ROOM = 1e-3  # share of pay beyond the ends of an interval, so that a root lies within


@dataclass(frozen=True, eq=False)
class Voters:
    """The members of a union: what they want, and how mild each of its units is (share of pay)."""

    utility: MemberUtility
    mildness: Float[Array, "units voting"]


@dataclass(eq=False)
class Ballot:
    """A package put to the members of some worlds, and what they believe when they vote.

    `belief` is the probability they give to `threat` (persons) being carried out; `shift` is the
    shock common to all unions less the cost they wrongly imagine (share of pay), and `shifts_by_union` what
    moves single unions besides. `ballot_utility` is what members gain from a Yes to what is asked.
    `turnout` holds the share of those for and of those against who vote; without it all do. All arrays
    are over `worlds`. It is `put_to` all unions at once, and each tells what its members make of it.
    """

    agenda: Agenda
    worlds: Int[Array, " voting"]
    package: Int[Array, " voting"]
    belief: Float[Array, " voting"]
    threat: Float[Array, "#voting"]
    shift: Float[Array, " voting"]
    shifts_by_union: Float[Array, "voting unions"] | None = None
    ballot_utility: Callable[..., Float[Array, "worlds packages members"]] = MemberUtility.gain
    turnout: tuple[Float[Array, "#voting"], Float[Array, "#voting"]] | None = None
    _gains: dict[tuple[MemberUtility, ...], Gains] = field(default_factory=dict, init=False)
    _votes: dict[int, Array] = field(default_factory=dict, init=False)

    def shift_of(self, union: int) -> float | Float[Array, " voting"]:
        """What moves the members of one union (share of pay), besides the common shift."""
        return 0.0 if self.shifts_by_union is None else self.shifts_by_union[:, union]

    def put_to(self, voters: Mapping[int, Voters]) -> None:
        """Let the members of many unions vote together, by number of union, for each to tell its own."""
        members = [each.utility for each in voters.values() for _ in each.mildness]
        yes = self._yes_of(members, np.concatenate([each.mildness for each in voters.values()]))
        firsts = np.cumsum([len(each.mildness) for each in voters.values()])[:-1]
        self._votes |= zip(voters, np.split(yes, firsts), strict=True)

    def votes(
        self, union: int, voters: Callable[["Ballot"], Voters]
    ) -> Float[Array, "units voting"]:
        """The share of Yes among the votes of a union's units; they vote now if they have not yet."""
        if union not in self._votes:
            self.put_to({union: voters(self)})
        return self._votes[union]

    def among(self, chosen: Int[Array, " chosen"]) -> "Ballot":
        """The same ballot in some of its worlds, chosen by their places in it."""
        return replace(
            self,
            worlds=self.worlds[chosen],
            package=self.package[chosen],
            belief=self.belief[chosen],
            threat=take(self.threat, chosen),
            shift=self.shift[chosen],
            shifts_by_union=None if self.shifts_by_union is None else self.shifts_by_union[chosen],
            turnout=self.turnout and (take(self.turnout[0], chosen), take(self.turnout[1], chosen)),
        )

    def yes_share(
        self, utility: MemberUtility, mildness: Float[Array, " voting"]
    ) -> Float[Array, " voting"]:
        """Share of Yes among the votes of some members, given how mild they are (share of pay)."""
        return self._yes_of([utility], mildness[None])[0]

    def in_favour_by_half(
        self, utility: MemberUtility, mildness: Float[Array, " voting"]
    ) -> Float[Array, "2 voting"]:
        """Share in favour among the junior and the senior half of some members, whether they vote or not.

        Who stands in the middle counts in both halves.
        """
        (gain,), deal, (noise,) = self._gains_of(utility)
        members = gain.shape[-1]
        juniors, seniors = gain[:, : (members + 1) // 2], gain[:, members // 2 :]
        shift = (mildness + self.shift) / take(noise, deal)
        halves = [Expansion(half / stretch(noise)) for half in (juniors, seniors)]
        return np.stack([half.at(deal, shift) for half in halves])

    def yes_shares(
        self, utility: MemberUtility, mildness: Float[Array, " shifts"]
    ) -> Float[Array, "voting shifts"]:
        """The same share at several degrees of mildness, for worlds that share one utility."""
        (gain,), deal, _ = self._gains_of(utility)
        shares = np.empty((len(deal), len(mildness)))
        for first in range(0, len(deal), PACKAGES_AT_ONCE):
            voting = np.arange(len(deal))[first : first + PACKAGES_AT_ONCE]
            asked, mild = np.repeat(voting, len(mildness)), np.tile(mildness, len(voting))
            share = utility.yes_share(gain, deal[asked], mild + self.shift[asked])
            if self.turnout is not None:
                share = share_of_votes_cast(share, *(take(side, asked) for side in self.turnout))
            shares[voting] = share.reshape(len(voting), -1)
        return shares

    def voted(self, yes: Float[Array, "voting unions"]) -> Float[Array, "voting unions"] | None:
        """The share of each union's members who voted, given the share of Yes among their votes."""
        return None if self.turnout is None else share_who_voted(yes, *self.turnout)

    def mildness_needed(self, utility: MemberUtility) -> Float[Array, " voting"]:
        """How mild (share of pay) a union must be for just half of its votes to be Yes.

        For worlds that share one utility.
        """
        from scipy.optimize.elementwise import find_root

        (gain,), deal, _ = self._gains_of(utility)
        even = utility.noise * logit(self._in_favour)
        kindest, harshest = (
            ends[deal] + self.shift - even for ends in (gain.max(-1), gain.min(-1))
        )

        choices = utility.choices(gain)  # one for all steps, which come near the same nodes

        def beyond_half(mildness: Array, voting: Array) -> Array:
            shift = (mildness + self.shift[voting]) / utility.noise
            return choices.at(deal[voting], shift) - self._in_favour[voting]

        ends = (-kindest - ROOM, -harshest + ROOM)
        return find_root(beyond_half, ends, args=(np.arange(len(deal)),)).x

    @cached_property
    def _in_favour(self) -> Float[Array, " voting"]:
        """The share of members in favour at which the votes cast are even."""
        if self.turnout is None:
            return np.full(len(self.worlds), MAJORITY)
        supporters, opponents = self.turnout
        return np.broadcast_to(opponents / (supporters + opponents), len(self.worlds))

    def _yes_of(
        self, members: Sequence[MemberUtility], mildness: Float[Array, "groups voting"]
    ) -> Float[Array, "groups voting"]:
        """Share of Yes among the votes of groups of members, by what they want and how mild they are."""
        if mildness.size == 0:
            return mildness
        number = {kind: number for number, kind in enumerate(dict.fromkeys(members))}
        gain, deal, noise = self._gains_of(*number)
        kind = np.array([number[each] for each in members])
        choices = Expansion((gain / stretch(noise)).reshape(-1, gain.shape[-1]))
        of_voting = noise if noise.shape[-1] == 1 else noise[:, deal]
        yes = np.empty(mildness.shape)
        for some in pieces(len(members), VOTES_AT_ONCE // max(1, len(deal))):
            asked = stretch(kind[some] * gain.shape[1]) + deal
            shift = (mildness[some] + self.shift) / of_voting[kind[some]]
            share = choices.at(asked.ravel(), shift.ravel()).reshape(asked.shape)
            if self.turnout is not None:
                share = share_of_votes_cast(share, *self.turnout)
            yes[some] = share
        return yes

    def _gains_of(self, *kinds: MemberUtility) -> Gains:
        """What members of these kinds gain from each deal, each world's deal, and their noise."""
        if kinds not in self._gains:
            first, deal = self._deals(kinds)
            utility = MemberUtility.of_unions([kind.of(self.worlds[first]) for kind in kinds])
            gain = self.ballot_utility(
                utility,
                self.agenda,
                stretch(self.package[first]),
                self.belief[first],
                take(self.threat, first),
            )
            noise = utility.noise
            self._gains[kinds] = (
                np.broadcast_to(gain[..., 0, :], (len(kinds), len(first), gain.shape[-1])),
                deal,
                np.broadcast_to(noise, (len(kinds), noise.shape[-1])),
            )
        return self._gains[kinds]

    def _deals(
        self, kinds: Sequence[MemberUtility]
    ) -> tuple[Int[Array, " deals"], Int[Array, " voting"]]:
        """Worlds that differ in package, belief, threat or members: one of each kind, and each one's kind."""
        wants = {id(kind.row): kind.rows(self.worlds) for kind in kinds if not kind.shared}
        beliefs = np.unique(self.belief, return_inverse=True)[1]
        threats = np.unique(self.threat, return_inverse=True)[1]
        threatened = np.broadcast_to(threats, len(self.worlds))
        _, deal = distinct(*wants.values(), self.package, beliefs, threatened)
        return first_of_each(deal), deal
