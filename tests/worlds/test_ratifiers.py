"""Ratifiers in played worlds: their votes, their order, what they undo, and what theory foresees."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

import sim
from sim.cases.loading import load_scenario
from sim.cases.schema import Scenario
from sim.inputs.problems import InputError
from sim.play.model import BargainingModel

LEVELS = list(range(11))
TREATY = {
    "name": "treaty",
    "title": "Two countries",
    "description": "A tariff between two countries.",
    "source": "invented",
    "utility": "points",
    "batna": [0, 0],
    "calendar": {"rounds": 12},
    "issue": [
        {
            "name": "tariff",
            "title": "Tariff",
            "unit": "%",
            "levels": LEVELS,
            "governor": LEVELS,
            "coalition": LEVELS[::-1],
        }
    ],
    "governor": {"beta": 0.3},
    "coalition": {"beta": 0.3},
}
PARLIAMENT = {
    "name": "north",
    "title": "Parliament of the North",
    "source": "invented",
    "side": "governor",
    "kind": "legislature",
    "worth": "governor",
    "otherwise": 0.4,
    "spread": 0.1,
    "mood_sd": 0.2,
    "seats": 101,
}
BOARD = {
    "name": "south",
    "title": "Council of the South",
    "source": "invented",
    "side": "coalition",
    "kind": "board",
    "worth": "own",
    "points": {"tariff": LEVELS[::-1]},
    "otherwise": 5,
    "spread": 2,
    "seats": 5,
}


def treaty(*ratifiers: dict) -> Scenario:
    return load_scenario(TREATY | {"ratifier": list(ratifiers)})


def test_what_is_refused_is_not_in_force():
    worlds = sim.negotiate(treaty(PARLIAMENT, BOARD), 500, seed=1).frame()
    refused = (worlds["passed_north"] == False) | (worlds["passed_south"] == False)  # noqa: E712
    assert 0.05 < refused.mean() < 0.95
    assert (worlds["status"] == np.where(refused, "rejected", "ratified_first")).all()
    assert (worlds["ratified"] == ~refused).all()
    assert (worlds.loc[refused, ["utility_governor", "utility_coalition"]] == 0).all(axis=None)


def test_those_of_one_order_vote_at_the_same_time_and_later_ones_on_what_passed():
    together = sim.negotiate(treaty(PARLIAMENT, BOARD), 300, seed=1).frame()
    assert together[["passed_north", "passed_south"]].notna().all(axis=None)
    in_turn = sim.negotiate(treaty(PARLIAMENT, BOARD | {"order": 2}), 300, seed=1).frame()
    assert (in_turn["passed_south"].notna() == in_turn["passed_north"]).all()
    assert (in_turn["status"] == together["status"]).all()


def test_the_order_of_the_list_changes_nothing():
    one = sim.negotiate(treaty(PARLIAMENT, BOARD), 300, seed=1).frame()
    other = sim.negotiate(treaty(BOARD, PARLIAMENT), 300, seed=1).frame()
    assert one.equals(other[one.columns])


def test_theory_foresees_how_often_they_agree():
    solution = sim.solve(treaty(PARLIAMENT, BOARD))
    assert list(solution.must_agree) == ["north", "south"]
    worlds = sim.negotiate(treaty(PARLIAMENT, BOARD), 4000, seed=2).frame()
    for name in solution.must_agree:
        passed = worlds.groupby("tariff")[f"passed_{name}"].agg(["mean", "count"])
        for tariff, of_level in passed[passed["count"] > 300].iterrows():
            chance = solution.consent(name)[int(tariff)]
            assert of_level["mean"] == pytest.approx(chance, abs=0.1)
    both = solution.consent("north") * solution.consent("south")
    assert solution.ratification == pytest.approx(both)
    win = {who: set(np.flatnonzero(solution.consent(who) >= 0.5)) for who in solution.must_agree}
    assert set(solution.win_set.index) == win["north"] & win["south"]


def test_who_looks_ahead_agrees_on_what_passes():
    blind = sim.negotiate(treaty(PARLIAMENT), 1000, seed=1).frame()
    ahead = {f"{side}.anticipates_ratification": 1.0 for side in ("governor", "coalition")}
    seeing = sim.negotiate(treaty(PARLIAMENT), 1000, seed=1, set=ahead).frame()
    assert seeing["ratified"].mean() > blind["ratified"].mean()


def test_a_replay_has_the_same_bits():
    many = sim.negotiate(treaty(PARLIAMENT, BOARD), 64, seed=3).frame()
    alone = sim.negotiate(treaty(PARLIAMENT, BOARD), 1, seed=3, first_world=41).frame()
    assert alone.equals(many.loc[[41]])


def test_voters_of_a_state_with_unions_vote_on_what_members_ratified():
    """One union ratifies, then the voters: a school district."""
    voters = PARLIAMENT | {"name": "voters", "kind": "referendum", "spread": 0.05, "order": 2}
    del voters["seats"]
    document = load_scenario("sebac-2011").document | {"ratifier": [voters]}
    worlds = sim.negotiate(document, 400, seed=1).frame()
    plain = sim.negotiate("sebac-2011", 400, seed=1).frame()
    asked = worlds["passed_voters"].notna()
    assert (asked == plain["ratified"]).all()
    refused = asked & ~worlds["passed_voters"].fillna(True)
    assert 0 < refused.mean() < 1
    assert (worlds.loc[refused, "status"] == "rejected").all()
    assert (worlds.loc[refused, "layoffs"] > 0).all()
    told = "yes_share_1"
    assert worlds[told].equals(plain[told])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seats": None}, "say how many seats"),
        ({"kind": "referendum"}, "very many voters"),
        ({"worth": "own"}, "needs its points"),
        ({"points": {"tarif": LEVELS}}, 'no issue is called "tarif" (did you mean "tariff"?)'),
        ({"worth": "own", "points": {"tariff": [1, 2]}}, "2 points for 11 levels"),
        ({"worth": "position"}, "needs ratifier.north.position"),
        ({"ideal_points": [1.0]}, 'read where worth = "position"'),
        ({"required": 0.4}, "ratifier"),
        ({"chamber": [{"name": "a", "seats": 3}]}, "either seats or those of each chamber"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(change: dict, says: str):
    changed = {key: value for key, value in (PARLIAMENT | change).items() if value is not None}
    with pytest.raises(InputError) as error:
        treaty(changed)
    assert says in str(error.value)


def test_a_legislature_on_a_line():
    """A tariff that the median member likes better than none passes."""
    spatial = PARLIAMENT | {
        "worth": "position",
        "position": {"tariff": 1.0},
        "status_quo": 0.0,
        "seats": 3,
        "ideal_points": [1, 3, 9],
        "spread": 0.0,
        "mood_sd": 0.0,
        "otherwise": 0.0,
    }
    solution = sim.solve(treaty(spatial))
    assert np.flatnonzero(solution.consent("north") >= 0.5).tolist() == [1, 2, 3, 4, 5]


def test_the_win_sets_of_the_treaty_by_hand():
    """The 66th of 99 members of Northland needs .383 of 1, the 26th of 50 in Southland's upper one .305."""
    solution = sim.solve("treaty")
    governor = solution.packages["governor"] / 12
    coalition = solution.packages["coalition"] / 14
    decides = {
        "north": governor - 0.3 + 0.2 * ndtri(33.5 / 99),
        "south": coalition - 0.2 - 0.1 + 0.2 * ndtri(24.5 / 50),
    }
    for who, gain in decides.items():
        assert ((gain > 0) == (solution.consent(who) >= 0.5)).all()
        assert solution.consent(who) == pytest.approx(ndtr(gain / 0.05))
    assert 0.3 - 0.2 * ndtri(33.5 / 99) == pytest.approx(0.383, abs=5e-4)
    assert 0.3 - 0.2 * ndtri(24.5 / 50) == pytest.approx(0.305, abs=5e-4)
    assert len(solution.win_set) == (pd.DataFrame(decides) > 0).all(axis=1).sum()


def test_advice_and_closed_doors_move_what_it_gains():
    """A side advises Yes where it gains; what is feared grows with how secret the talks were."""
    told = BOARD | {"told_by": "coalition", "advice": 0.7, "misperceived": 2.0, "offset": 0.5}
    [ratifying] = BargainingModel(treaty(told), 11, rng=1).batch.ratifiers
    package, worlds = np.arange(11), np.arange(11)
    open_, closed = (ratifying.gain(package, worlds, np.full(11, x)) for x in (0.0, 0.75))
    own = np.array(LEVELS[::-1])
    advised = np.where(own > 0, 0.7, -0.7)  # the coalition gains what it has points for
    assert open_ == pytest.approx(own - 5 + 0.5 + advised)
    assert open_ - closed == pytest.approx(np.full(11, 1.5))
