"""Backward induction against trees that Gambit solved and OpenSpiel read (`make_gambit_data.py`).

Every game is small enough to be written out in full, with every offer and every answer to it, under
either tie rule. Neither library is needed here: what they found is stored.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sim.theory.backward_induction import equilibrium

GAMES = json.loads((Path(__file__).parent / "data" / "gambit.json").read_text("utf-8"))


def number(text):
    return np.array([float(Fraction(text))])


@pytest.mark.slow
@pytest.mark.parametrize("indifferent", ["accepts", "rejects"])
def test_every_turn_of_every_game_is_what_gambit_found(indifferent):
    games = [game for game in GAMES if game["indifferent"] == indifferent]
    assert len(games) > 50
    for game in games:
        first, second = (np.array([side], dtype=float) for side in game["sides"])
        found = equilibrium(
            first,
            second,
            disagreement=(np.zeros(1), np.zeros(1)),
            discount=tuple(map(number, game["discount"])),
            breakdown=number(game["breakdown"]),
            rounds=game["rounds"],
            indifferent=indifferent,
        )
        assert found.package[:, 0].tolist() == [package for package, *_ in game["turns"]], game
        worth = [[float(Fraction(text)) for text in pair] for _, *pair in game["turns"]]
        assert found.continuation[:, :, 0] == pytest.approx(np.array(worth), abs=1e-12), game


@pytest.mark.slow
def test_the_tie_rules_lead_apart_in_many_of_the_games():
    by_rule = [
        [game["turns"] for game in GAMES if game["indifferent"] == rule]
        for rule in ("accepts", "rejects")
    ]
    assert sum(one != other for one, other in zip(*by_rule, strict=True)) > 20
