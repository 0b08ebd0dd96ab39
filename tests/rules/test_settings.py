"""Parameters are one number where all worlds agree and one number a world where they do not."""

import numpy as np
import pytest

from sim.cases.loading import load_scenario, with_values
from sim.preferences.governor import GovernorUtility
from sim.worlds.settings import Settings


@pytest.fixture(scope="module")
def three(sebac):
    """Settings of three worlds that differ in the threat and in the pledge."""
    return Settings(
        [
            with_values(sebac, {"threat.layoffs": layoffs, "governor.tax_pledge": pledge})
            for layoffs, pledge in [(0, 0.6), (2500, 0.1), (7500, 0.6)]
        ]
    )


def test_what_all_worlds_share_has_a_leading_axis_of_one(three, sebac):
    assert three["threat.bumping"].tolist() == [sebac.threat.bumping]
    assert Settings([sebac])["threat.layoffs"].tolist() == [sebac.threat.layoffs]
    assert Settings([sebac, sebac])["threat.layoffs"].shape == (1,)


def test_what_differs_has_a_value_for_each_world(three):
    assert three["threat.layoffs"].tolist() == [0, 2500, 7500]
    assert three["governor.tax_pledge"].tolist() == [0.6, 0.1, 0.6]


def test_words_and_switches_are_values_too(sebac):
    settings = Settings(
        [
            with_values(sebac, {"ratification.weighting": how, "ratification.second_vote": again})
            for how, again in [("unit", True), ("pooled", False)]
        ]
    )
    assert settings["ratification.weighting"].tolist() == ["unit", "pooled"]
    assert settings["ratification.second_vote"].tolist() == [True, False]


def test_what_shapes_the_arrays_must_be_the_same_in_all_worlds(sebac):
    assert Settings([sebac]).same("calendar.rounds") == sebac.calendar.rounds
    assert Settings([sebac]).same("coalition.aggregation") == "mean"
    longer = with_values(sebac, {"calendar.rounds": 13})
    with pytest.raises(ValueError, match=r"calendar\.rounds differs"):
        Settings([sebac, longer]).same("calendar.rounds")


@pytest.mark.parametrize(
    ("entries", "part"),
    [
        ({("issue", 0, "levels"): [0.0, 0.5, 1.0]}, "issues"),
        ({("agenda", "excludes"): []}, "issues"),
        ({("union", 3, "offset"): 0.1}, "unions"),
        ({("fiscal", "savings", "wages"): 100.0}, "savings"),
        ({("fiscal", "soft"): ["wages"]}, "savings"),
    ],
)
def test_worlds_of_one_batch_share_the_lists_of_their_scenarios(sebac, edited, entries, part):
    with pytest.raises(ValueError, match=f"worlds of one batch must share their {part}"):
        Settings([sebac, sebac, edited(sebac, entries)])


def test_worlds_of_one_batch_are_of_one_kind(sebac):
    with pytest.raises(ValueError, match="worlds of one batch must share their utility"):
        Settings([sebac, load_scenario("mini-ct")])


def test_a_rule_is_filled_with_the_parameters_of_its_fields(three):
    costs = ("cost_of_cuts", "cost_of_layoffs", "cost_of_taxes", "tax_pledge")
    rule = three.fill(GovernorUtility, "governor", costs, cost_of_job_security=np.array([0.5]))
    assert rule.tax_pledge.tolist() == [0.6, 0.1, 0.6]
    assert rule.cost_of_taxes.shape == (1,)
    assert rule.cost_of_job_security.tolist() == [0.5]


def test_a_union_has_its_own_taste_where_it_states_one(sebac, edited):
    stated = edited(sebac, {("union", 2, "layoff_loss"): 0.3, ("union", 2, "fairness"): 0.0})
    settings = Settings([stated])
    assert settings.of_union(2, "layoff_loss").tolist() == [0.3]
    assert settings.of_union(2, "fairness").tolist() == [0]
    assert settings.of_union(1, "layoff_loss").tolist() == [sebac.members.layoff_loss]
    worlds = Settings([with_values(stated, {"members.layoff_loss": x}) for x in (0.7, 0.9)])
    assert worlds.of_union(1, "layoff_loss").tolist() == [0.7, 0.9]
    assert worlds.of_union(2, "layoff_loss").tolist() == [0.3]


@pytest.mark.parametrize("own", [{"layoff_loss": 0.3}, {"fairness": 0.0}, {"layoff_exposure": 2.0}])
def test_unions_are_alike_unless_one_feels_or_risks_something_else(sebac, edited, own):
    different = edited(sebac, {("union", 3, key): value for key, value in own.items()})
    assert Settings([sebac]).unions_alike()
    assert not Settings([different]).unions_alike()


def test_a_union_that_is_only_milder_is_still_alike(sebac, edited):
    assert Settings([edited(sebac, {("union", 3, "offset"): 0.1})]).unions_alike()
