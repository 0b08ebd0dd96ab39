"""Solve small games with Gambit and OpenSpiel, and store what they say in `data/gambit.json`.

Run by hand, in an environment of its own, as neither library is needed to use or test the package:

    pip install pygambit open_spiel
    python tests/oracles/make_gambit_data.py

Each game is written out as a tree of everything that may be offered, answered and broken off, with its
discounted payoffs at the leaves. It is solved backwards over Gambit's nodes; then Gambit values the
strategies found, and at no node, on the path or off it, may the side to move gain by another action.
OpenSpiel reads the same tree and must find the same values.

Gambit's own solvers are no oracle here. `lcp_solve` and its like find Nash equilibria, which may rest on
threats that nobody would carry out ("I refuse even the whole pie"), and a regret of 0 says nothing about
nodes off the path.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path

import pygambit
import pyspiel

DATA = Path(__file__).parent / "data" / "gambit.json"
ACCEPT, NOTHING = "accept", "offer nothing"
NO_PACKAGE = -1
SIDES = ("first", "second")
SMALL = 1e-9  # OpenSpiel has payoffs in floating point


def pie(pieces: int) -> list[list[int]]:
    """Both sides' pieces in every division."""
    return [list(range(pieces + 1)), list(range(pieces, -1, -1))]


TRADES = [
    [[4, 2, 1, 3, -1], [0, 2, 5, 3, 6]],
    [[2, 2, 2, 0], [0, 1, 1, 3]],
    [[3, -1, 2], [-1, 3, -2]],
]
SHAPES = [(pie(4), 2), (pie(5), 3), (pie(8), 3), (pie(4), 4), (pie(6), 4)]
SHAPES += [(sides, rounds) for sides in TRADES for rounds in (1, 3, 4)]
PATIENCE = [("9/10", "4/5"), ("1/2", "9/10"), ("1", "1")]
GAMES = [
    {
        "sides": sides,
        "rounds": rounds,
        "discount": discount,
        "breakdown": breakdown,
        "indifferent": indifferent,
    }
    for (sides, rounds), discount, indifferent in product(SHAPES, PATIENCE, ("accepts", "rejects"))
    for breakdown in (("0", "1/4") if rounds < 4 else ("0",))
]


class Tree:
    """A game as a tree of Gambit's; `turn_of` tells at which turn the moves at a node are made."""

    def __init__(self, game: dict):
        self.discount = [Fraction(text) for text in game["discount"]]
        self.breakdown = Fraction(game["breakdown"])
        self.rounds = game["rounds"]
        self.packages = list(zip(*game["sides"], strict=True))
        self.tree = pygambit.Game.new_tree(players=list(SIDES))
        self.failure = self.tree.add_outcome("no agreement", [0, 0])
        self.agreements = {
            (package, turn): self.tree.add_outcome(
                f"package {package} at turn {turn}",
                [d**turn * u for d, u in zip(self.discount, gains, strict=True)],
            )
            for package, gains in enumerate(self.packages)
            for turn in range(1, self.rounds + 1)
        }
        self.turn_of: dict[pygambit.Node, int] = {}
        self.grow(self.tree.root, 0, None)

    def grow(self, node: pygambit.Node, turn: int, standing: int | None) -> None:
        """Add all that may follow when a side is to move at a turn, before a standing offer or none."""
        self.turn_of[node] = turn
        names = [f"offer {package}" for package in range(len(self.packages))]
        names = names if turn < self.rounds else []
        offers = [*range(len(names)), None]
        answers = [] if standing is None else [ACCEPT]
        self.tree.append_move(node, SIDES[turn % 2], [*answers, *names, NOTHING])
        children = list(node.children)
        if standing is not None:
            self.tree.set_outcome(children.pop(0), self.agreements[standing, turn])
        for child, offer in zip(children, offers, strict=True):
            if turn == self.rounds:
                self.tree.set_outcome(child, self.failure)
            elif self.breakdown == 0:
                self.grow(child, turn + 1, offer)
            else:
                self.tree.append_move(child, self.tree.players.chance, ["break down", "go on"])
                chances = [self.breakdown, 1 - self.breakdown]
                self.tree.set_chance_probs(child.infoset, chances)
                ended, goes_on = child.children
                self.tree.set_outcome(ended, self.failure)
                self.grow(goes_on, turn + 1, offer)


def solve(game: dict) -> list[list]:
    """Give the package offered (or none) and what going on is worth to both sides, turn by turn."""
    tree = Tree(game)
    chosen: dict[pygambit.Node, str] = {}
    found: dict[int, set] = {}

    def accepted(child: pygambit.Node) -> bool:
        """Whether the offer that leads to a child is accepted, unless the talks break down before."""
        answered = [child, *child.children][-1] if child not in tree.turn_of else child
        return chosen.get(answered) == ACCEPT

    def value(node: pygambit.Node) -> tuple[Fraction, Fraction]:
        if node.is_terminal:
            return tuple(Fraction(str(node.outcome[side])) for side in SIDES)
        if node not in tree.turn_of:
            ended, goes_on = map(value, node.children)
            p = tree.breakdown
            return tuple(p * a + (1 - p) * b for a, b in zip(ended, goes_on, strict=True))
        turn = tree.turn_of[node]
        mover, other = turn % 2, 1 - turn % 2
        values = {action.label: value(child) for action, child in branches(node)}
        content = {action.label: accepted(child) for action, child in branches(node)}
        offers = [name for name in values if name != ACCEPT]
        best = max(
            offers,
            key=lambda name: (
                values[name][mover],
                values[name][other],
                content[name],
                -offers.index(name),
            ),
        )
        package = int(best.split()[1]) if content[best] else NO_PACKAGE
        worth = [v / d**turn for v, d in zip(values[best], tree.discount, strict=True)]
        found.setdefault(turn, set()).add((package, *map(str, worth)))
        chosen[node] = best
        if ACCEPT in values:
            gain = values[ACCEPT][mover] - values[best][mover]
            if gain > 0 or (gain == 0 and game["indifferent"] == "accepts"):
                chosen[node] = ACCEPT
        return values[chosen[node]]

    root = value(tree.tree.root)
    check_deviations(tree, chosen)
    check_open_spiel(tree, game["indifferent"], root)
    turns = [found[turn] for turn in range(tree.rounds + 1)]
    assert all(len(turn) == 1 for turn in turns), "play after a refusal depends on what was refused"
    return [list(*turn) for turn in turns]


def branches(node: pygambit.Node) -> Iterator[tuple[pygambit.Action, pygambit.Node]]:
    """The actions at a node and where they lead."""
    return zip(node.infoset.actions, node.children, strict=True)


def check_deviations(tree: Tree, chosen: dict[pygambit.Node, str]) -> None:
    """No side may gain at any node by one other action, as Gambit values the strategies."""
    profile = tree.tree.mixed_behavior_profile(rational=True)
    for node, name in chosen.items():
        for action in node.infoset.actions:
            profile[action] = int(action.label == name)
    for node in chosen:
        kept = profile.node_value(node.player, node)
        for action, child in branches(node):
            assert profile.node_value(node.player, child) <= kept, (node, action)


def check_open_spiel(tree: Tree, indifferent: str, root: tuple[Fraction, Fraction]) -> None:
    """OpenSpiel's reading of the tree must be worth as much, up to the ties it cannot tell."""

    def value(state: pyspiel.State) -> list[float]:
        if state.is_terminal():
            return state.returns()
        if state.is_chance_node():
            branches = [(value(state.child(a)), p) for a, p in state.chance_outcomes()]
            return [sum(v[side] * p for v, p in branches) for side in (0, 1)]
        mover = state.current_player()
        actions = {state.action_to_string(a): value(state.child(a)) for a in state.legal_actions()}
        most = max(v[mover] for name, v in actions.items() if name != ACCEPT)
        accept = actions.pop(ACCEPT, None)
        slack = SMALL if indifferent == "accepts" else -SMALL
        if accept is not None and accept[mover] >= most - slack:
            return accept
        good = [v for v in actions.values() if v[mover] >= most - SMALL]
        return max(good, key=lambda v: v[1 - mover])

    game = pyspiel.load_efg_game(tree.tree.to_efg())
    found = value(game.new_initial_state())
    assert all(abs(f - float(v)) < SMALL for f, v in zip(found, root, strict=True)), (found, root)


if __name__ == "__main__":
    solved = []
    for game in GAMES:
        solved.append(game | {"turns": solve(game)})
        print(f"{len(solved)} of {len(GAMES)}", flush=True)
    lines = ",\n".join(json.dumps(game) for game in solved)
    DATA.write_text(f"[\n{lines}\n]\n", "utf-8")
