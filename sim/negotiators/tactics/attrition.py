"""Tactics that hold out and then give in at once: wars of attrition between two demands, and strikes.

In a war of attrition each side insists on a demand, and who gives in takes what the other's demand leaves it.
A demand is a share (`demand`) of the most a side can have if the other one is left no worse off than
without an agreement. Each side knows what packages are worth to the other, its demand and its patience,
and how likely it is to be of what kind; of what kind it is, only the side itself knows.

The theories are in continuous time and without an end. Here a turn is the unit of time, a side gives in
at its first turn after its time has come, and its last chance is to answer the other side's last offer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sim.arrays.axes import TIE, Array, stretch
from sim.negotiators.situation import OTHER_SIDE, Ranking, Situation
from sim.theory.attrition import CrisisBargaining, ReputationalBargaining
from sim.theory.commitment import committed_share
from sim.theory.deadlines import concession_at_deadline

BARELY = 1e-6  # stands for 0 where a theory has no answer at 0 itself, but has one near it


def war_of_attrition(situation: Situation) -> Float[Array, " worlds"]:
    """Insist on one's demand for a random time, or for ever (Abreu and Gul 2000).

    A side never gives in with probability `obstinacy`. One that would give in later than at its last
    chance does so then. The risk that the talks break down counts as impatience.
    """
    demands = _demands_of(situation, _both(situation, "demand"))
    war = ReputationalBargaining(
        demands=demands.as_shares,
        rates=-np.log(np.clip(_patience(situation), BARELY, 1 - BARELY)),
        obstinate=np.clip(_both(situation, "obstinacy"), BARELY, 1 - BARELY),
    )
    time = war.concession_time(_twice(situation.resolve()))[..., 0]
    return _insist(situation, demands, time, np.isfinite(time))


def audience_standoff(situation: Situation) -> Float[Array, " worlds"]:
    """Insist on one's demand before an audience that punishes backing down (Fearon 1994).

    The cost grows by `audience_cost_growth` x (1 - secrecy as it is now) a turn. What no agreement is
    worth to a side only it knows: anything from nothing to as much as backing down at once. At its last
    chance it backs down if that is better. The cost is felt and not counted: payoffs are those of the
    packages.
    """
    demands = _demands_of(situation, _both(situation, "demand"))
    exposed = _both(situation, "audience_cost_growth") * stretch(1 - situation.history.secrecy)
    costs = np.maximum(exposed, BARELY) / demands.stake
    at_risk = np.maximum(demands.conceded, BARELY) / demands.stake
    resolve = situation.resolve()
    dispute = CrisisBargaining(costs, prize=1.0, cost_of_war=at_risk)
    time = dispute.backing_down_time(_twice(resolve))[..., 0]
    rather_backs_down = (1 - resolve) * at_risk[..., 0] > costs[..., 0] * situation.history.turn
    return _insist(situation, demands, time, rather_backs_down)


def deadline_chicken(situation: Situation) -> Float[Array, " worlds"]:
    """Insist on one's demand until one's last chance, and give in then or never (after Fanning 2016).

    The probability is that of two sides who are alike and decide at once, and would meet halfway if both
    gave in; the obstinate (`obstinacy`) never give in. Here the side that gives in first has no more.
    """
    # Its chance makes the other side indifferent, so that it depends on what is at stake for that one.
    demands = _demands_of(situation, _both(situation, "demand"))
    left = demands.conceded[..., 1] / np.maximum(demands.won[..., 1], BARELY)
    demand = 1 / (1 + np.clip(left, 0, 1 - BARELY))
    chance = concession_at_deadline(demand, situation.own("obstinacy"))
    gives_in = situation.resolve() < chance
    return _insist(situation, demands, np.full(gives_in.shape, np.inf), gives_in)


def optimistic(situation: Situation) -> Float[Array, " worlds"]:
    """Wait for the last offer if both expect too much of it, and otherwise settle at once (Yildiz 2004).

    Each side thinks that it makes the last offer with probability 1/2 + `optimism`, and that this will
    bring it everything. They wait if what they expect of it, discounted, adds up to more than there is.
    Otherwise they share in proportion to these probabilities.
    """
    rounds = situation.history.rounds
    chances = 0.5 + _both(situation, "optimism")
    waits = (chances * _patience(situation) ** (rounds - 1)).sum(-1) > 1
    fair = chances / chances.sum(-1, keepdims=True)
    shares = np.where(stretch(waits), _both(situation, "demand"), fair)
    time = np.where(waits, float(rounds), 0.0)
    return _insist(situation, _demands_of(situation, shares), time, np.zeros(1, dtype=bool))


def commitment(situation: Situation) -> Float[Array, " worlds"]:
    """Demand in public the share that one's audience, and the other's, make possible (Muthoo 1996).

    Retreating costs `information.audience_cost_*` x (1 - secrecy when one first moves) per unit. The side
    whom it would cost more demands more, both know that, and the demands fit together. Where packages
    are too few for both demands at once, one takes what the other's leaves.
    """
    names = (f"information.audience_cost_{side}" for side in (situation.side, _other(situation)))
    costs = np.stack(np.broadcast_arrays(*map(situation.parameter, names)), axis=-1)
    exposed = costs * stretch(1 - situation.history.secrecy)
    shares = np.asarray(committed_share(exposed, exposed[..., ::-1]))
    at_once, never = np.zeros(1), np.zeros(1, dtype=bool)
    return _insist(situation, _demands_of(situation, shares), at_once, never)


def on_strike(situation: Situation) -> Float[Array, " worlds"]:
    """Ask for less with each turn of a strike (Ashenfelter and Johnson 1969).

    Members learn from the strike alone that there is less to be had: their claim falls from `demand` to
    `least_demand` at the rate `claim_decay`.
    """
    most = _most(situation.ranking, _theirs(situation), situation.worlds)
    struck = situation.turns_on_strike(situation.history.turn)
    return np.maximum(_claim(situation.own, struck) * most, situation.reservation)


def sits_out_a_strike(situation: Situation) -> Float[Array, " worlds"]:
    """Ask for what the most profitable length of the other's strike brings (Ashenfelter and Johnson 1969).

    To wait a turn more costs the discount and what the turn itself costs, and saves what the claims of the
    other side, taken to be on strike, come down meanwhile.
    """
    ask = _for_all_turns(situation, _best_settlement)
    return np.maximum(ask, situation.reservation)


@dataclass(frozen=True, eq=False)
class Demands:
    """What two demands are worth to each side: its own (`won`), and the other's (`conceded`)."""

    won: Float[Array, "worlds 2"]
    conceded: Float[Array, "worlds 2"]

    @property
    def stake(self) -> Float[Array, "worlds 2"]:
        """What a side loses by giving in."""
        return np.maximum(self.won - self.conceded, BARELY)

    @property
    def as_shares(self) -> Float[Array, "worlds 2"]:
        """The demands on a pie that put its two sides before the same choice.

        On a pie of 1 with demands a and b, what giving in brings one side is to what it loses as 1 - b
        is to a + b - 1.
        """
        ratio = np.clip(self.conceded / self.stake, BARELY, 1 / BARELY)
        return (1 + ratio) / (1 + ratio.sum(-1, keepdims=True))


def _demands_of(situation: Situation, shares: Float[Array, "#worlds 2"]) -> Demands:
    """The two demands that are these shares of the most each side can have, oneself first."""
    utilities = _for_all_turns(situation, _utility_of_demands, shares)
    return Demands(won=utilities[:, 0], conceded=utilities[:, 1])


def _utility_of_demands(
    situation: Situation, shares: Float[Array, "#worlds 2"]
) -> Float[Array, "worlds met sides"]:
    """What each side has if its own demand is met, and if the other's is."""
    mine, theirs, worlds = situation.ranking, _theirs(situation), situation.worlds
    demands = [
        _offer(mine, shares[..., 0] * _most(mine, theirs, worlds), worlds),
        _offer(theirs, shares[..., 1] * _most(theirs, mine, worlds), worlds),
    ]
    own, other = ([side.own.of(package, worlds) for package in demands] for side in (mine, theirs))
    return np.stack([own[0], other[1], own[1], other[0]], axis=-1).reshape(-1, 2, 2)


def _insist(
    situation: Situation,
    demands: Demands,
    time: Float[Array, "#worlds"],
    at_last: Bool[Array, "#worlds"],
) -> Float[Array, " worlds"]:
    """Ask for one's demand until a time, or for some until one's last chance; then for what is left."""
    history = situation.history
    last_chance = history.turn >= history.rounds - 1
    gives_in = (history.turn >= time) | (last_chance & at_last)
    won, conceded = demands.won[..., 0], demands.conceded[..., 0]
    ask = np.where(gives_in, np.minimum(won, conceded), won)
    return np.maximum(ask, situation.reservation)


def _best_settlement(situation: Situation) -> Float[Array, " worlds"]:
    """What the strike brings that is worth most, seen from its beginning."""
    theirs, worlds = _theirs(situation), situation.worlds
    most = _most(theirs, situation.ranking, worlds)
    turns = range(situation.history.rounds)
    claims = [_claim(situation.theirs, situation.turns_on_strike(turn)) for turn in turns]
    packages = [_offer(theirs, claim * most, worlds) for claim in claims]
    settlements = np.stack([situation.ranking.own.of(p, worlds) for p in packages], axis=-1)
    discounts = _patience(situation)[..., :1] ** np.array(turns)
    costs = np.stack([situation.cost_of_turns(situation.side, turn) for turn in turns], axis=-1)
    best = (settlements * discounts - costs).argmax(-1, keepdims=True)
    return np.take_along_axis(settlements, best, axis=-1).squeeze(-1)


def _claim(
    parameter: Callable[[str], Array], turns: Int[Array, "#worlds"]
) -> Float[Array, "#worlds"]:
    """The share of the most one can have that members ask for after so many turns on strike."""
    demand = parameter("demand")
    least = np.minimum(parameter("least_demand"), demand)
    return least + (demand - least) * np.exp(-parameter("claim_decay") * turns)


def _most(side: Ranking, other: Ranking, worlds: Int[Array, " worlds"]) -> Float[Array, " worlds"]:
    """The most a side can have if the other one is left no worse off than without an agreement."""
    return side.own.of(_offer(other, np.zeros(1), worlds), worlds)


def _offer(
    side: Ranking, ask: Float[Array, "#worlds"], worlds: Int[Array, " worlds"]
) -> Int[Array, " worlds"]:
    """The package, of those worth at least `ask` to a side, that is best for the other one."""
    return side.tradeoff(side.at_least(side.own.level(ask - TIE, worlds), worlds), worlds)


def _for_all_turns(situation: Situation, rule: Callable[..., Array], *given: Array) -> Array:
    """What a rule finds at a side's first turn, for the worlds in which it is to move at this one."""
    worlds, found = situation.notes.once(
        _at_first, rule, situation, *given, at=(rule, situation.history.turn % 2)
    )
    return found[np.searchsorted(worlds, situation.worlds)]


def _at_first(
    rule: Callable[..., Array], situation: Situation, *given: Array
) -> tuple[Int[Array, " worlds"], Array]:
    return situation.worlds, rule(situation, *given)


def _other(situation: Situation) -> str:
    return OTHER_SIDE[situation.side]


def _theirs(situation: Situation) -> Ranking:
    """The packages as the other side is thought to rank them."""
    return situation.notes.once(_turned, situation.ranking)


def _turned(mine: Ranking) -> Ranking:
    return Ranking(mine.agenda, mine.other, mine.own)


def _patience(situation: Situation) -> Float[Array, "#worlds 2"]:
    """What is left to each side of a utility that comes a turn later, oneself first."""
    survives = 1 - situation.parameter("talks.breakdown")
    return _both(situation, "discount_factor") * stretch(survives)


def _both(situation: Situation, name: str) -> Float[Array, "#worlds 2"]:
    """A parameter of both sides, one's own first."""
    return np.stack(np.broadcast_arrays(situation.own(name), situation.theirs(name)), axis=-1)


def _twice(x: Float[Array, " worlds"]) -> Float[Array, "worlds 2"]:
    return np.stack([x, x], axis=-1)
