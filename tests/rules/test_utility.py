"""What packages are worth: to the governor against Plan B, to a member against a No."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.preferences.agenda import Agenda
from sim.preferences.fiscal import FiscalMap
from sim.preferences.governor import GovernorUtility
from sim.preferences.member import MemberUtility, layoff_risk, pain
from sim.preferences.valuation import Valuation

WORLDS, MEMBERS = 7, 11
AGENDA = Agenda(
    names=("wages", "health", "pensions", "tax_share", "negotiated_layoffs", "job_security"),
    titles=("",) * 6,
    units=("",) * 6,
    levels=((0.0, 0.5, 1.0), (0.0, 0.75), (0.0, 0.75), (0.0, 0.1), (0.0, 2000.0), (0.0, 1.0)),
    similarity=("squared",) * 6,
    similarity_weights=(1.0,) * 6,
    excludes=(("negotiated_layoffs", "job_security"),),
)
NOTHING = AGENDA.find()
AS_IN_2011 = AGENDA.find(wages=1.0, health=0.75, pensions=0.75, job_security=1.0)
WITH_LAYOFFS = AGENDA.find(
    wages=0.5, health=0.75, pensions=0.75, tax_share=0.1, negotiated_layoffs=2000.0
)
FISCAL = FiscalMap(
    gap=np.array([2000.0]),
    saving_per_layoff=np.array([0.192]),
    score_haircut=np.array([0.0]),
    savings={
        "wages": np.array([590.0]),
        "health": np.array([890.0]),
        "pensions": np.array([460.0]),
    },
)
COSTS = {
    "cost_of_cuts": 1.0,
    "cost_of_layoffs": 1.2,
    "cost_of_taxes": 3.0,
    "tax_pledge": 0.6,
    "cost_of_job_security": 0.02,
}
TASTES = {
    "wage_pain": 0.035,
    "health_pain": 0.067,
    "pension_pain": 0.015,
    "pension_pain_by_seniority": 0.05,
    "convexity": 0.6,
    "layoff_loss": 0.8,
    "job_security_value": 0.10,
    "job_security_by_seniority": 0.04,
    "cost_of_rejection": 0.065,
    "fairness": 0.15,
    "tolerated_sacrifice": 0.05,
    "shared_tax_excuse": 0.25,
    "noise": 0.065,
    "bumping": 0.15,
    "layoff_exposure": 1.0,
}
NO_STAKES = dict.fromkeys(TASTES, 0.0) | {"noise": 0.065, "layoff_exposure": 1.0}


# ------------------------------------------------------------------------------- the governor


def to_governor(package, fiscal=FISCAL, **changed):
    costs = {name: np.array([value]) for name, value in (COSTS | changed).items()}
    return GovernorUtility(**costs).table(AGENDA, fiscal)[0, package]


def test_the_package_of_2011_is_worth_most_of_a_closed_gap_to_the_governor():
    # 590 + 667.5 + 345 = 1602.5 of 2000 saved; the rest is closed by cuts alone.
    left = 1 - 1602.5 / 2000
    plan_b = 0.5 / (1 / 1.0 + 1 / 1.2)
    cost = 0.5 * 1.0 * left**2 + 0.02
    assert to_governor(AS_IN_2011) == pytest.approx((plan_b - cost) / plan_b, abs=1e-12)
    assert to_governor(AS_IN_2011) == pytest.approx(0.854247, abs=1e-6)


def test_a_package_with_taxes_and_layoffs_costs_the_governor_term_by_term():
    # 295 + 667.5 + 345 = 1307.5 of 2000 saved, .1 taxed, 2000 * .192 = 384 of 2000 laid off.
    left = 1 - 1307.5 / 2000 - 0.1 - 0.192
    plan_b = 0.5 / (1 / 1.0 + 1 / 1.2)
    rest = 0.5 * left**2 / (1 / 1.0 + 1 / 1.2)
    cost = rest + 0.5 * 3.0 * 0.1**2 + 0.6 * 0.1 + 0.5 * 1.2 * 0.192**2
    assert to_governor(WITH_LAYOFFS) == pytest.approx((plan_b - cost) / plan_b, abs=1e-12)


def test_what_job_security_leaves_to_cuts_costs_by_their_curvature():
    # kC c^2 / 2 with c = .19875 of the gap; Plan B costs (1/2) / (1 / 1.6 + 1 / 1.2).
    plan_b = 0.5 / (1 / 1.6 + 1 / 1.2)
    cost = 0.5 * 1.6 * 0.19875**2 + 0.02
    found = to_governor(AS_IN_2011, cost_of_cuts=1.6)
    assert found == pytest.approx((plan_b - cost) / plan_b, abs=1e-12)


def test_no_concessions_are_worth_plan_b_and_worse_if_layoffs_are_given_up():
    assert to_governor(NOTHING) == pytest.approx(0, abs=1e-15)
    assert to_governor(AGENDA.find(job_security=1.0)) == pytest.approx(
        1 - (0.5 + 0.02) * 2 * (1 + 1 / 1.2), abs=1e-12
    )


def test_a_gap_closed_without_cost_is_worth_one_and_more_savings_than_that_are_worth_no_more():
    full = AGENDA.find(wages=1.0, health=0.75, pensions=0.75)
    half_gap = FiscalMap(
        np.array([700.0]), FISCAL.saving_per_layoff, FISCAL.score_haircut, FISCAL.savings
    )
    assert to_governor(full, half_gap) == 1
    exact = FiscalMap(
        np.array([1602.5]), FISCAL.saving_per_layoff, FISCAL.score_haircut, FISCAL.savings
    )
    assert to_governor(full, exact) == 1


def test_savings_the_governor_does_not_believe_are_worth_nothing_to_him():
    doubted = FiscalMap(
        FISCAL.gap, FISCAL.saving_per_layoff, np.array([1.0]), FISCAL.savings, soft=("health",)
    )
    only_health, with_wages = AGENDA.find(health=0.75), AGENDA.find(wages=1.0, health=0.75)
    assert to_governor(only_health, doubted) == to_governor(NOTHING)
    assert to_governor(with_wages, doubted) == to_governor(AGENDA.find(wages=1.0))


@pytest.mark.parametrize("cost", COSTS)
def test_every_cost_lowers_the_worth_of_the_packages_it_bears_on(cost):
    touched = {
        "cost_of_taxes": AGENDA.levels_on("tax_share") > 0,
        "tax_pledge": AGENDA.levels_on("tax_share") > 0,
        "cost_of_job_security": AGENDA.levels_on("job_security") > 0,
    }
    everything = np.arange(len(AGENDA))
    before, after = to_governor(everything), to_governor(everything, **{cost: COSTS[cost] * 1.5})
    if cost in touched:
        assert (after[touched[cost]] < before[touched[cost]]).all()
        assert (after[~touched[cost]] == before[~touched[cost]]).all()
    else:  # Plan B becomes costlier too, so it is the package without job security that gains
        assert after[NOTHING] == pytest.approx(0, abs=1e-15)
        assert after[AS_IN_2011] != before[AS_IN_2011]


def test_worlds_may_differ_in_every_cost():
    by_world = {name: value * np.linspace(0.5, 2, WORLDS) for name, value in COSTS.items()}
    table = GovernorUtility(**by_world).table(AGENDA, FISCAL)
    assert table.shape == (WORLDS, len(AGENDA))
    for w in range(WORLDS):
        alone = {name: values[w] for name, values in by_world.items()}
        assert table[w].tolist() == to_governor(np.arange(len(AGENDA)), **alone).tolist()


# -------------------------------------------------------------------------------- the member


def member(seniority=(0.0, 0.5, 1.0), workforce=45_000.0, **changed):
    tastes = {name: np.atleast_1d(float(value)) for name, value in (TASTES | changed).items()}
    return MemberUtility(np.array(seniority), np.array([workforce]), **tastes)


def gain(package, belief=0.5, threat=4742.0, **changed):
    found = member(**changed).gain(
        AGENDA, np.array([[package]]), np.array([belief]), np.array([threat])
    )
    return found[0, 0]


def risk(share, seniority=(0.0, 0.5, 1.0), bumping=0.15):
    return layoff_risk(np.array(seniority), np.array([share]), np.array([bumping]))


def test_pain_is_linear_or_quadratic_or_between():
    asks = np.array([0.0, 0.25, 0.5, 1.0])
    assert pain(asks, np.array([0.0])).tolist() == [0, 0.25, 0.5, 1]
    assert pain(asks, np.array([1.0])).tolist() == [0, 0.0625, 0.25, 1]
    assert pain(asks, np.array([0.6])) == pytest.approx([0, 0.1375, 0.35, 1])


def test_the_package_of_2011_is_worth_to_members_what_its_terms_add_up_to():
    wages, health = 0.035 * 1, 0.067 * (0.4 * 0.75 + 0.6 * 0.75**2)
    pensions = np.array([0.015, 0.04, 0.065]) * (0.4 * 0.75 + 0.6 * 0.75**2)
    sacrifice = wages + health + pensions
    unfair = 0.15 * (sacrifice - 0.05)
    security = np.array([0.10, 0.08, 0.06])
    threatened = 0.5 * risk(4742 / 45_000) * 0.8
    by_hand = -sacrifice - unfair + security + threatened + 0.065
    assert gain(AS_IN_2011) == pytest.approx(by_hand, abs=1e-15)


def test_negotiated_layoffs_and_shared_taxes_enter_term_by_term():
    wages, health = 0.035 * (0.4 * 0.5 + 0.6 * 0.25), 0.067 * (0.4 * 0.75 + 0.6 * 0.75**2)
    pensions = np.array([0.015, 0.04, 0.065]) * (0.4 * 0.75 + 0.6 * 0.75**2)
    sacrifice = wages + health + pensions
    unfair = 0.15 * np.maximum(0, sacrifice - 0.05 - 0.25 * 0.1)
    certain, threatened = risk(2000 / 45_000) * 0.8, 0.5 * risk(4742 / 45_000) * 0.8
    by_hand = -sacrifice - unfair - certain + threatened + 0.065
    assert gain(WITH_LAYOFFS) == pytest.approx(by_hand, abs=1e-15)


@pytest.mark.parametrize(
    ("taste", "package", "change"),
    [
        ("wage_pain", AGENDA.find(wages=0.5), [-0.5, -0.5, -0.5]),
        ("health_pain", AGENDA.find(health=0.75), [-0.75, -0.75, -0.75]),
        ("pension_pain", AGENDA.find(pensions=0.75), [-0.75, -0.75, -0.75]),
        ("pension_pain_by_seniority", AGENDA.find(pensions=0.75), [0, -0.375, -0.75]),
        ("job_security_value", AGENDA.find(job_security=1.0), [1, 1, 1]),
        ("job_security_by_seniority", AGENDA.find(job_security=1.0), [0, -0.5, -1]),
        ("cost_of_rejection", WITH_LAYOFFS, [1, 1, 1]),
    ],
)
def test_a_taste_enters_alone_as_it_is_meant_to(taste, package, change):
    assert gain(package, **(NO_STAKES | {taste: 1.0})) == pytest.approx(change, abs=1e-15)
    assert gain(NOTHING, **(NO_STAKES | {taste: 1.0})) == pytest.approx(
        [1, 1, 1] if taste == "cost_of_rejection" else [0, 0, 0], abs=1e-15
    )


def test_a_threat_counts_as_far_as_it_is_believed_and_a_negotiated_layoff_in_full():
    stakes = NO_STAKES | {"layoff_loss": 0.8, "bumping": 0.15}
    assert gain(NOTHING, 0.3, 9000.0, **stakes) == pytest.approx(0.3 * 0.8 * risk(0.2))
    assert gain(NOTHING, 0.0, 9000.0, **stakes).tolist() == [0, 0, 0]
    layoffs = AGENDA.find(negotiated_layoffs=2000.0)
    assert gain(layoffs, 0.0, 9000.0, **stakes) == pytest.approx(-0.8 * risk(2000 / 45_000))


def test_exposure_and_workforce_scale_the_risk_of_threatened_and_of_negotiated_layoffs():
    stakes = NO_STAKES | {"layoff_loss": 1.0, "bumping": 0.15}
    twice = gain(NOTHING, 1.0, 4500.0, **(stakes | {"layoff_exposure": 2.0}))
    assert twice == pytest.approx(risk(0.2))
    assert gain(NOTHING, 1.0, 4500.0, workforce=9000.0, **stakes) == pytest.approx(risk(0.5))
    layoffs = AGENDA.find(negotiated_layoffs=2000.0)
    twice = gain(layoffs, 0.0, 4500.0, **(stakes | {"layoff_exposure": 2.0}))
    assert twice == pytest.approx(-risk(4000 / 45_000))


def test_sacrifice_is_unfair_only_beyond_what_is_tolerated_and_excused():
    stakes = NO_STAKES | {"wage_pain": 0.1, "fairness": 2.0}
    half = AGENDA.find(wages=0.5)
    assert gain(half, **(stakes | {"tolerated_sacrifice": 0.02})) == pytest.approx(-0.05 - 2 * 0.03)
    assert gain(half, **(stakes | {"tolerated_sacrifice": 0.05})) == pytest.approx(-0.05)
    assert gain(half, **(stakes | {"tolerated_sacrifice": 0.07})) == pytest.approx(-0.05)
    taxed = AGENDA.find(wages=0.5, tax_share=0.1)
    shared = stakes | {"tolerated_sacrifice": 0.02, "shared_tax_excuse": 0.1}
    assert gain(taxed, **shared) == pytest.approx(-0.05 - 2 * (0.03 - 0.01))
    assert gain(taxed, **(shared | {"shared_tax_excuse": 0.3})) == pytest.approx(-0.05)
    assert gain(half, **shared) == pytest.approx(-0.05 - 2 * 0.03)


@given(
    packages=arrays(int, (WORLDS, 3), elements=st.integers(0, len(AGENDA) - 1)),
    scale=arrays(float, (len(TASTES), WORLDS), elements=st.floats(0.5, 2)),
    belief=arrays(float, WORLDS, elements=st.floats(0, 1)),
    threat=arrays(float, WORLDS, elements=st.floats(0, 20_000)),
)
def test_worlds_gain_as_each_would_alone(packages, scale, belief, threat):
    seniority = (np.arange(MEMBERS) + 0.5) / MEMBERS
    values = dict(zip(TASTES, np.array(list(TASTES.values()))[:, None] * scale, strict=True))
    values["convexity"] = np.minimum(values["convexity"], 1)
    workforce = np.array([45_000.0])
    many = MemberUtility(seniority, workforce, **values)
    together = many.gain(AGENDA, packages, belief, threat)
    assert together.shape == (WORLDS, 3, MEMBERS)
    for w in range(WORLDS):
        alone = many.of(np.array([w]))
        here = slice(w, w + 1)
        gains = alone.gain(AGENDA, packages[here], belief[here], threat[here])
        assert together[w].tolist() == gains[0].tolist()


@given(
    scale=arrays(float, (len(TASTES), WORLDS), elements=st.floats(0.5, 2)),
    belief=arrays(float, WORLDS, elements=st.floats(0, 1)),
    threat=arrays(float, WORLDS, elements=st.floats(0, 20_000)),
)
@settings(max_examples=10)
def test_gains_added_up_by_kind_of_package_are_those_of_every_package(scale, belief, threat):
    seniority = (np.arange(MEMBERS) + 0.5) / MEMBERS
    values = dict(zip(TASTES, np.array(list(TASTES.values()))[:, None] * scale, strict=True))
    values["convexity"] = np.minimum(values["convexity"], 1)
    one = MemberUtility(seniority, np.array([45_000.0]), **values)
    one_by_one = one.gain(AGENDA, np.arange(len(AGENDA))[None], belief, threat)
    by_kind = one.gain_by_kind(AGENDA, belief, threat)
    assert by_kind.mean_member() == pytest.approx(one_by_one.mean(-1), abs=1e-14)
    assert by_kind.middle_member() == pytest.approx(one_by_one[..., MEMBERS // 2], abs=1e-14)
    assert by_kind.worst_member() == pytest.approx(one_by_one.min(-1), abs=1e-14)
    assert by_kind.median_member() == pytest.approx(np.median(one_by_one, axis=-1), abs=1e-14)


def test_a_gain_without_some_issues_on_the_agenda_has_one_value_for_all_packages():
    wages_only = Agenda(("wages",), ("",), ("",), ((0.0, 0.5, 1.0),), ("squared",), (1.0,))
    by_kind = member().gain_by_kind(wages_only, np.array([0.5]), np.array([4742.0]))
    everything = np.arange(3)[None]
    one_by_one = member().gain(wages_only, everything, np.array([0.5]), np.array([4742.0]))
    assert by_kind.worst_member() == pytest.approx(one_by_one.min(-1), abs=1e-15)


def test_a_utility_that_all_worlds_share_is_left_as_it_is():
    one = member()
    assert one.of(np.array([5, 2])) is one
    differs = member(fairness=0.0)
    seven = MemberUtility(
        **{
            **{name: getattr(one, name) for name in (*TASTES, "seniority", "workforce")},
            "fairness": np.arange(7.0),
        }
    )
    some = seven.of(np.array([5, 2]))
    assert some.fairness.tolist() == [5, 2]
    assert some.noise is not None
    assert some.noise.shape == differs.noise.shape == (1,)
    assert some.seniority is seven.seniority


def test_the_yes_share_is_the_mean_chance_of_a_yes_over_seniority():
    gains = np.array([[0.1, -0.05, 0.0], [0.3, 0.2, -0.4]])
    shift = np.array([0.02, -0.1])
    found = member(noise=0.05).yes_share(gains, np.array([0, 1]), shift)
    by_hand = (1 / (1 + np.exp(-(gains + shift[:, None]) / 0.05))).mean(-1)
    assert found == pytest.approx(by_hand, abs=1e-14)
    assert found[0] == pytest.approx(np.mean([0.916827, 0.354344, 0.598688]), abs=1e-6)


# ------------------------------------------------------------------------- what a side looks up


def test_a_valuation_is_the_table_shifted_and_then_scaled():
    table = np.array([[1.0, 5.0, 3.0]])
    worth = Valuation(table, np.array([1.0, -1.0]), np.array([2.0, 4.0]))
    worlds = np.array([0, 1, 1])
    assert worth.of(np.array([1, 1, 0]), worlds).tolist() == [3, 1, 0]
    found = worth.all_packages(np.array([2, 0]), np.array([1, 0]))
    assert found.tolist() == [[0.5, 0], [2, 1]]
    assert worth.best.tolist() == [3, 1]
    assert worth.level(np.array([3.0, 1.0, 0.0]), worlds).tolist() == [5, 5, 1]


def test_each_world_may_have_its_own_table():
    table = np.arange(7.0 * 3).reshape(7, 3)
    worth = Valuation.plain(table)
    worlds, packages = np.array([6, 0, 3]), np.array([0, 2, 1])
    assert worth.of(packages, worlds).tolist() == [18, 2, 10]
    assert worth.best.tolist() == table.max(-1).tolist()
    assert worth.all_packages(np.array([1]), worlds).tolist() == [[19], [1], [10]]


def test_leaders_measure_in_units_of_the_best_package_of_their_world():
    worth = Valuation.scaled_to_best(np.array([[1.0, 5.0, 3.0]]), np.array([1.0, -4.5, -5.0, -7.0]))
    assert worth.best == pytest.approx([1, 1, 0, -2])
    assert worth.scale.tolist() == [6, 0.5, 1, 1]
    assert worth.of(np.array([0, 0, 0, 0]), np.arange(4)) == pytest.approx([1 / 3, -7, -4, -6])
    each_its_own = Valuation.scaled_to_best(
        np.array([[1.0, 5.0, 3.0], [2.0, 0.5, 1.0]]), np.zeros(1)
    )
    assert each_its_own.scale.tolist() == [5, 2]


@given(
    table=arrays(float, (1, 3), elements=st.floats(-3, 3)),
    shift=arrays(float, WORLDS, elements=st.floats(-3, 3)),
    utility=arrays(float, WORLDS, elements=st.floats(-1, 1)),
)
def test_the_level_of_a_utility_is_the_table_entry_that_has_it(table, shift, utility):
    worth = Valuation.scaled_to_best(table, shift)
    worlds = np.arange(WORLDS)
    level = worth.level(utility, worlds)
    assert (level + worth.shift) / worth.scale == pytest.approx(utility, abs=1e-9)
