"""Ratification on paper: two unlike unions, and a ballot that can be counted by hand.

What a union's members make of a package is its margin: how far their reasons for it outweigh those
against, at the vote of half of them (share of pay). Margins become points as utilities do. A union then
votes Yes if the points of a package, plus the mood that a die gives it, reach what it needs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from sim.arrays.axes import TIE, Array
from sim.arrays.logit import logistic
from sim.cases.schema import TwoLevelGame, with_a_ballot
from sim.cases.schema.members import UnionSettings
from sim.preferences.ballot import Ballot
from sim.preferences.bylaws import MAJORITY
from sim.teaching.kit.paper import Fidelity, Paper, Points, points_for
from sim.worlds.batch import Batch, typical_batch

FACES = 6
PLAYED = 2  # unions that have a player


@dataclass(frozen=True, eq=False)
class PlayedUnion:
    """A union with a player: the points of its members, and what they need to vote Yes.

    `needs` are the points at which half of the members vote Yes, on the first and (if there is one) the
    second ballot; `mood` is how much milder than expected it is played (points, already in `needs`).
    `steepness` is how much a point moves a member (log odds). `share_error` is the largest
    difference between that share and the model's over all packages, `majority_agrees` the share of
    packages of which both say the same of the majority.
    """

    name: str
    members: int
    points: Points
    needs: tuple[int, ...]
    mood: int
    steepness: float
    fidelity: Fidelity
    share_error: float
    majority_agrees: float

    def shares(self, ahead: Sequence[float] | Array) -> Array:
        """The share of Yes where packages are so many points ahead of what half of the members need."""
        return logistic(np.asarray(ahead, dtype=float) * self.steepness)


@dataclass(frozen=True)
class VotingUnion:
    """A line of the ballot sheet: whose points the union goes by, and what it needs on each ballot.

    `weight` is its share of the membership; `rolls` says whether a die gives it its mood.
    """

    name: str
    members: int
    weight: float
    goes_by: int
    needs: tuple[int, ...]
    rolls: bool


@dataclass(frozen=True)
class Quota:
    """The bylaws of a ballot: how many unions, and how much weight, counted whole or pooled."""

    unions: int
    weight: float
    pooled: bool


@dataclass(frozen=True)
class BallotSheet:
    """How a class votes: the unions, the moods of a die's faces, and the bylaws.

    `dice` are the moods in the points of each played union, for the unions that go by it.
    `leaders_to_amend` unions that vote Yes on the second ballot change the bylaws to `amended`; without
    an amendment it is None. `chances` are what members give to the threat on each ballot, `threats` how
    many layoffs it is.
    """

    unions: tuple[VotingUnion, ...]
    dice: tuple[tuple[int, ...], ...]
    quota: Quota
    amended: Quota | None
    leaders_to_amend: int
    chances: tuple[float, ...]
    threats: tuple[float, ...]

    @property
    def members(self) -> int:
        """How many members there are."""
        return sum(union.members for union in self.unions)

    @property
    def members_required(self) -> int:
        """The fewest members that the unions for it must have, where unions count whole."""
        return math.ceil((self.quota.weight - TIE) * self.members)

    @property
    def ballots(self) -> int:
        """One, or two if what is rejected is voted on again."""
        return len(self.chances)


@dataclass(frozen=True, eq=False)
class Voters:
    """All that a kit says of the members."""

    played: tuple[PlayedUnion, ...]
    sheet: BallotSheet


def voters(paper: Paper) -> Voters | None:
    """Who votes on paper, and how; None where nobody votes."""
    if not paper.scenario.has_ballot:
        return None
    scenario = with_a_ballot(paper.scenario)
    batch = typical_batch(scenario)
    ballots = [_ballot(batch, paper, which) for which in _ballots(scenario)]
    forecast = [batch.ballots.forecast(ballot, scenario.unions) for ballot in ballots]
    margins = [-each.needed for each in forecast]
    pair = unlike(margins[0], batch.electorate.weights)
    spread = scenario.unions.militancy_sd
    moods = np.array([-spread, spread])[: len(pair)]  # the less willing first
    points = [points_for(paper.agenda, margins[0][:, union]) for union in pair]
    played = tuple(
        _played(scenario.union[union], batch, paper, union, own, mood, margins, ballots[0])
        for union, own, mood in zip(pair, points, moods, strict=True)
    )
    rows = tuple(
        _row(scenario, batch, union, pair, played, points, margins)
        for union in range(len(scenario.union))
    )
    return Voters(played, _sheet(scenario, rows, points, ballots))


def unlike(
    margin: Float[Array, "packages unions"], weights: Float[Array, " unions"]
) -> tuple[int, ...]:
    """The two unions whose margins differ most over all packages, the less willing first.

    Of pairs that differ alike the one with most members, and of unions alike the larger first. A single
    union stands alone.
    """
    pairs = list(combinations(range(len(weights)), PLAYED))
    if not pairs:
        return (0,)

    def how_unlike(pair: tuple[int, ...]) -> tuple[float, float]:
        apart = margin[:, pair[0]] - margin[:, pair[1]]
        return round(float(np.sqrt((apart * apart).mean())), 9), float(weights[list(pair)].sum())

    chosen = max(pairs, key=how_unlike)
    willing = np.round(margin.mean(0), 9)
    return tuple(sorted(chosen, key=lambda union: (willing[union], -weights[union])))


def _ballots(scenario: TwoLevelGame) -> tuple[str, ...]:
    return ("first", "second") if scenario.ratification.second_vote else ("first",)


def _ballot(batch: Batch, paper: Paper, which: str) -> Ballot:
    """What members are asked of each package of the kit, behind doors as closed as the rules say."""
    worlds = np.arange(len(paper.numbers))
    secrecy = np.broadcast_to(batch.settings["information.secrecy"], worlds.shape)
    return batch.ballots.ask(batch.ballots.voting(which, worlds, paper.numbers, secrecy))


def _played(
    about: UnionSettings,
    batch: Batch,
    paper: Paper,
    union: int,
    points: Points,
    mood: float,
    margins: Sequence[Float[Array, "packages unions"]],
    ballot: Ballot,
) -> PlayedUnion:
    member = batch.electorate.members[union]
    noise = float(batch.settings.of_union(union, "noise")[0])
    later = [float((margin - margins[0])[:, union].mean()) for margin in margins]
    needs = tuple(_whole(points.nothing - (mood + gained) / points.unit) for gained in later)
    mild = np.full(len(paper.numbers), batch.electorate.mildness[0, union] + mood)
    mild = mild + ballot.shift_of(union)
    by_model = ballot.yes_share(member, mild)
    by_points = logistic((points.total(paper.agenda) - needs[0]) * points.unit / noise)
    zopa = paper.modelled.packages["zopa"].to_numpy()[paper.numbers]
    return PlayedUnion(
        name=about.name,
        members=about.members,
        points=points,
        needs=needs,
        mood=_whole(mood / points.unit),
        steepness=points.unit / noise,
        fidelity=points.fidelity(paper.agenda, margins[0][:, union], zopa),
        share_error=float(np.abs(by_points - by_model).max()),
        majority_agrees=float(((by_points > MAJORITY) == (by_model > MAJORITY)).mean()),
    )


def _row(
    scenario: TwoLevelGame,
    batch: Batch,
    union: int,
    pair: Sequence[int],
    played: Sequence[PlayedUnion],
    points: Sequence[Points],
    margins: Sequence[Float[Array, "packages unions"]],
) -> VotingUnion:
    """A union's line: a played one needs what its sheet says, another goes by the more alike of them."""
    about = scenario.union[union]
    weight = float(batch.electorate.weights[union])
    if union in pair:
        place = pair.index(union)
        return VotingUnion(about.name, about.members, weight, place, played[place].needs, False)
    apart = [margins[0][:, union] - margins[0][:, one] for one in pair]
    place = int(np.argmin([round(float(difference.std()), 9) for difference in apart]))
    needs = tuple(
        _whole(
            points[place].nothing
            - (margin[:, union] - margins[0][:, pair[place]]).mean() / points[place].unit
        )
        for margin in margins
    )
    return VotingUnion(about.name, about.members, weight, place, needs, True)


def _sheet(
    scenario: TwoLevelGame,
    rows: tuple[VotingUnion, ...],
    points: Sequence[Points],
    ballots: Sequence[Ballot],
) -> BallotSheet:
    rules, spread = scenario.ratification, scenario.unions.militancy_sd
    middles = ndtri((np.arange(FACES) + 0.5) / FACES)
    amended = Quota(
        rules.amended_unions_required,
        rules.amended_weight_required,
        rules.amended_weighting == "pooled",
    )
    return BallotSheet(
        unions=rows,
        dice=tuple(tuple(_whole(spread * m / own.unit) for m in middles) for own in points),
        quota=Quota(rules.unions_required, rules.weight_required, rules.weighting == "pooled"),
        amended=amended if rules.second_vote and rules.amendment_allowed else None,
        leaders_to_amend=rules.leaders_to_amend,
        chances=tuple(float(ballot.belief[0]) for ballot in ballots),
        threats=tuple(float(ballot.threat[0]) for ballot in ballots),
    )


def _whole(points: float) -> int:
    return int(np.rint(points))
