"""Plan B closes the gap at least cost within caps and pledges, and everything that follows adds up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cases.loading import load_scenario, with_values
from sim.mechanisms.plan_b import MEANS, PLEDGES, Menu, held_back, noticed
from sim.play.model import BargainingModel
from sim.play.outcome import Outcome, negotiate, play
from sim.preferences.fiscal import plan_b

TABLE = {
    "plan_b.on": True,
    "plan_b.cap_taxes": 300.0,
    "plan_b.cap_borrowing": 200.0,
    "plan_b.cap_retirement": 100.0,
    "plan_b.cap_deferral": 300.0,
    "plan_b.cap_aid": 280.0,
    "plan_b.cost_of_aid": 7.5,
    "plan_b.noticed_by_wave": 0.152,
}
FAILS = {"ratification.unions_required": 16, "ratification.second_vote": False}
PASSES = {"ratification.unions_required": 0, "ratification.weight_required": 0.0}
COLUMNS = [f"plan_b_{means}" for means in MEANS]


def menu(cap=None, **curvature):
    """Cuts at a curvature of 1 and no cap, and what else is named, as (curvature, cap)."""
    given = {"cuts": (1.0, np.inf)} | curvature
    parts = [{m: np.array([given.get(m, (1.0, 0.0))[i]]) for m in MEANS} for i in (0, 1)]
    return Menu(*parts)


def used(menu, gap=1.0):
    return {m: float(x[0]) for m, x in menu.closes(np.array([gap])).items() if x[0] > 0}


# ------------------------------------------------------------------------------------ by hand


def test_means_without_a_binding_cap_are_used_in_inverse_proportion_to_their_curvature():
    found = menu(layoffs=(2.0, 5.0), taxes=(4.0, 5.0))
    assert used(found) == pytest.approx({"cuts": 4 / 7, "layoffs": 2 / 7, "taxes": 1 / 7})
    assert found.marginal_cost(np.ones(1))[0] == pytest.approx(4 / 7)
    assert found.cost(np.ones(1))[0] == pytest.approx(1 / (2 * 1.75))


def test_what_a_cap_holds_back_falls_on_the_others():
    found = menu(layoffs=(2.0, 5.0), taxes=(4.0, 0.05))
    expected = {"cuts": 0.95 / 1.5, "layoffs": 0.95 / 3, "taxes": 0.05}
    assert used(found) == pytest.approx(expected)
    by_hand = (0.95 / 1.5) ** 2 + 2 * (0.95 / 3) ** 2 + 4 * 0.05**2
    assert found.cost(np.ones(1))[0] == pytest.approx(by_hand / 2)


def test_a_cap_that_the_last_dollar_just_reaches_does_not_bind():
    found = menu(layoffs=(2.0, 1 / 3))
    assert used(found) == pytest.approx({"cuts": 2 / 3, "layoffs": 1 / 3})


def test_two_caps_bind_one_after_the_other_as_the_gap_grows():
    found = menu(layoffs=(2.0, 0.1), aid=(0.5, 0.1))
    assert used(found, 0.07) == pytest.approx({"cuts": 0.02, "layoffs": 0.01, "aid": 0.04})
    assert used(found, 0.25) == pytest.approx({"cuts": 0.1, "layoffs": 0.05, "aid": 0.1})
    assert used(found, 0.6) == pytest.approx({"cuts": 0.4, "layoffs": 0.1, "aid": 0.1})


def test_nothing_to_close_costs_nothing():
    found = menu(layoffs=(2.0, 0.1))
    assert used(found, 0.0) == {}
    assert found.cost(np.zeros(1))[0] == 0


def test_one_of_the_means_can_be_ruled_out_in_some_worlds_only():
    found = menu(layoffs=(1.0, 5.0)).without("layoffs", np.array([True, False, True]))
    assert found.closes(np.ones(3))["layoffs"].tolist() == [0, 0.5, 0]
    assert found.of(np.array([1])).closes(np.ones(1))["layoffs"].tolist() == [0.5]


def test_a_pledge_holds_a_cap_at_nothing():
    held = held_back(np.array([300.0, 200.0]), np.array([True, False]))
    assert held.tolist() == [0, 200]


def test_notices_go_out_by_waves_to_at_most_all_and_to_everyone_laid_off():
    threatened = np.array([6560.0, 6560.0, 1000.0, 0.0])
    waves = np.array([3, 9, 1, 3])
    carried_out = np.array([0.0, 0.0, 700.0, 55.0])
    found = noticed(threatened, np.array([0.152]), waves, carried_out)
    assert found == pytest.approx([0.456 * 6560, 6560, 700, 55])


# --------------------------------------------------------------------------------------- laws


@st.composite
def menus(draw):
    """Draw a menu of 5 worlds with caps of which about half rule a means out, and gaps to close."""
    number = st.floats(0.1, 10)
    cap = st.one_of(st.just(0.0), st.floats(0.001, 1))
    of_worlds = lambda x: np.array(draw(st.lists(x, min_size=5, max_size=5)))  # noqa: E731
    curvature = {means: of_worlds(number) for means in MEANS}
    caps = {means: of_worlds(cap) for means in MEANS} | {"cuts": np.full(1, np.inf)}
    return Menu(curvature, caps), of_worlds(st.floats(0, 3))


@given(menus())
def test_what_is_closed_adds_up_to_the_gap_within_the_caps_at_least_cost(drawn):
    menu, gap = drawn
    amounts, marginal = menu.closes(gap), menu.marginal_cost(gap)
    assert sum(amounts.values()) == pytest.approx(gap, abs=1e-12)
    for means, amount in amounts.items():
        assert (amount >= 0).all()
        assert (amount <= menu.cap[means]).all()
        last_dollar = menu.curvature[means] * amount
        assert (last_dollar <= marginal + 1e-12).all()
        below = amount < menu.cap[means] - 1e-12
        assert last_dollar[below] == pytest.approx(marginal[below], abs=1e-12)


@given(menus())
def test_the_cost_is_that_of_the_amounts(drawn):
    menu, gap = drawn
    by_hand = sum(menu.curvature[m] * z**2 / 2 for m, z in menu.closes(gap).items())
    assert menu.cost(gap) == pytest.approx(by_hand, abs=1e-12)


@given(menus(), st.sampled_from(MEANS[1:]))
def test_a_higher_cap_never_makes_plan_b_dearer(drawn, means):
    menu, gap = drawn
    roomier = Menu(menu.curvature, menu.cap | {means: menu.cap[means] + 0.2})
    assert (roomier.cost(gap) <= menu.cost(gap) + 1e-12).all()


@given(menus(), st.floats(1.1, 3))
def test_a_larger_gap_costs_more_by_the_marginal_cost_or_above(drawn, factor):
    menu, gap = drawn
    gap = gap + 0.1
    more = menu.cost(gap * factor) - menu.cost(gap)
    assert (more >= menu.marginal_cost(gap) * gap * (factor - 1) - 1e-12).all()


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0.01, 2))
def test_cuts_and_layoffs_alone_and_uncapped_are_plan_b_as_it_was(cuts, layoffs, gap):
    two = menu(cuts=(cuts, np.inf), layoffs=(layoffs, 100.0))
    before = plan_b(gap, cuts, layoffs)
    found = two.closes(np.array([gap]))
    assert found["cuts"][0] == pytest.approx(before.cuts)
    assert found["layoffs"][0] == pytest.approx(before.layoffs)
    assert two.cost(np.array([gap]))[0] == pytest.approx(before.cost)


def test_a_world_gets_the_same_bits_alone_and_beside_others():
    rng = np.random.default_rng(5)
    gap, curvature = rng.random(7), {m: rng.random(7) + 0.1 for m in MEANS}
    caps = {m: rng.random(7) / 3 for m in MEANS} | {"cuts": np.full(1, np.inf)}
    together = Menu(curvature, caps)
    for world in range(7):
        one = np.array([world])
        assert together.of(one).cost(gap[one])[0] == together.cost(gap)[world]


# ------------------------------------------------------------------------------- at the table


def governor(scenario, values):
    """Give what every package is worth to the governor in the first world."""
    return BargainingModel(scenario, set=values, rng=1).batch.governor.table[0]


def test_with_cuts_and_layoffs_alone_packages_are_worth_what_they_were(sebac):
    before, after = governor(sebac, {}), governor(sebac, {"plan_b.on": True})
    assert after == pytest.approx(before, abs=1e-12)


def test_what_a_package_leaves_open_costs_what_plan_b_makes_of_it(sebac):
    batch = BargainingModel(sebac, set=TABLE, rng=1).batch
    find = batch.agenda.find
    plain = find(wages=1.0, health=0.5, pensions=0.0)
    secure = find(wages=1.0, health=0.5, pensions=0.0, job_security=1.0)
    left = (2000 - 590 - 445) / 2000
    aid = min(0.14, left / (1 + 1 / 1.2 + 1 / 7.5) / 7.5)
    whole = 1 / (2 * (1 + 1 / 1.2 + 1 / 7.5))
    rest = left**2 / (2 * (1 + 1 / 1.2 + 1 / 7.5))
    assert aid < 0.14
    worth = batch.governor.table[0]
    assert worth[plain] == pytest.approx((whole - rest) / whole)
    without = left**2 / (2 * (1 + 1 / 7.5))
    assert worth[secure] == pytest.approx((whole - without - 0.02) / whole)


def test_without_the_tax_pledge_a_packages_taxes_break_none(sebac):
    taxed = BargainingModel(sebac, rng=1).batch.agenda.find(tax_share=0.1, wages=1.0)
    kept, lifted = (
        governor(sebac, {"plan_b.on": True, "plan_b.pledge_no_new_taxes": pledge})[taxed]
        for pledge in (True, False)
    )
    plan_b_cost = 0.5 / (1 + 1 / 1.2)
    assert lifted - kept == pytest.approx(0.6 * 0.1 / plan_b_cost)


def test_every_pledge_lifted_alone_makes_plan_b_cheaper_and_all_of_them_most(sebac):
    def cost(lifted):
        values = TABLE | {f"plan_b.{PLEDGES[means]}": False for means in lifted}
        return BargainingModel(sebac, set=values, rng=1).batch.menu.cost(np.ones(1))[0]

    alone = [cost((means,)) for means in PLEDGES]
    assert cost(PLEDGES) < min(alone) < max(alone) < cost(())


# ------------------------------------------------------------------------------ in the worlds


@pytest.mark.parametrize("lifted", [(), ("taxes",), ("borrowing", "deferral"), tuple(PLEDGES)])
@pytest.mark.parametrize("gap", [1000.0, 2000.0, 3100.0])
def test_after_failure_dollars_by_means_add_up_to_the_gap(lifted, gap):
    values = TABLE | FAILS | {"fiscal.gap": gap}
    values |= {f"plan_b.{PLEDGES[means]}": False for means in lifted}
    worlds = negotiate("sebac-2011", 7, seed=3, set=values).frame()
    assert (worlds["left_open"] == gap).all()
    assert worlds[COLUMNS].sum(axis=1).to_numpy() == pytest.approx(gap)
    assert worlds["layoffs"].to_numpy() == pytest.approx(
        worlds["plan_b_layoffs"].to_numpy() / 0.192
    )
    owed = worlds["plan_b_borrowing"] + worlds["plan_b_deferral"]
    assert (worlds["deferred"] == owed).all()
    for means in PLEDGES:
        assert (worlds[f"plan_b_{means}"] > 0).all() == (means in lifted)


def test_the_worth_the_layoffs_and_the_dollars_come_from_one_function(sebac):
    """A cost worked out from the dollars in the row is the cost that the governor's worth is scaled by."""
    model = play(BargainingModel(sebac, 3, set=TABLE | FAILS, rng=3))
    row = Outcome([model]).frame().iloc[0]
    shares = row[COLUMNS].to_numpy(dtype=float) / 2000
    costs = np.array([1, 1.2, 3, 1, 1, 1, 7.5])
    by_hand = (costs * shares**2).sum() / 2
    assert model.batch.menu.cost(np.ones(1))[0] == pytest.approx(by_hand)
    assert model.batch.plan_b_layoffs[0] == pytest.approx(row["layoffs"])
    assert row["utility_governor"] == 0


def test_what_is_carried_out_is_not_what_was_announced():
    for threat in (0.0, 4742.0, 20000.0):
        values = TABLE | FAILS | {"threat.layoffs": threat}
        worlds = negotiate("sebac-2011", 5, seed=3, set=values).frame()
        assert (worlds["layoffs_threatened"] == threat).all()
        assert worlds["layoffs"].to_numpy() == pytest.approx(
            2000 * (1 / 1.2) / (1 + 1 / 1.2 + 1 / 7.5) / 0.192
        )
        assert (worlds["layoffs_noticed"] == worlds["layoffs"]).all()


def test_an_agreement_in_force_closes_its_rest_and_says_so(put_to_members, sebac):
    find = BargainingModel(sebac, rng=1).batch.agenda.find
    plain = find(wages=0.5, negotiated_layoffs=1000.0)
    secure = find(wages=0.5, job_security=1.0)
    row, safe = put_to_members(sebac, [plain, secure], TABLE | PASSES).frame().to_dict("records")
    left = 2000 - 295 - 192
    assert row["left_open"] == pytest.approx(left)
    ease = 1 + 1 / 1.2 + 1 / 7.5
    assert row["layoffs"] == pytest.approx(1000 + left / 1.2 / ease / 0.192)
    assert safe["left_open"] == pytest.approx(2000 - 295)
    assert safe["layoffs"] == safe["layoffs_noticed"] == 0
    assert np.isnan([row[column] for column in COLUMNS]).all()
    assert (row["deferred"], safe["deferred"]) == (0, 0)


def test_an_agreement_may_put_off_part_of_its_rest_where_he_made_no_pledge(put_to_members, sebac):
    secure = BargainingModel(sebac, rng=1).batch.agenda.find(wages=0.5, job_security=1.0)
    values = TABLE | PASSES | {"plan_b.pledge_pensions_in_full": False}
    (row,) = put_to_members(sebac, [secure], values).frame().to_dict("records")
    assert row["deferred"] == 300


def test_layoffs_are_noticed_between_the_ballots_and_taken_back_by_a_yes():
    worlds = negotiate("sebac-2011", 200, seed=3, set=TABLE).frame()
    second = worlds[worlds["status"] == "ratified_second"]
    assert len(second) > 100
    assert second["layoffs_noticed"].to_numpy() == pytest.approx(3 * 0.152 * 6500)
    assert (second["layoffs"] == 0).all()
    assert (worlds[worlds["status"] == "ratified_first"]["layoffs_noticed"] == 0).all()


def mean_worth(doubt):
    """Give the governor's mean worth for a threat of half, once, twice and four times Plan B's layoffs."""
    optimum = BargainingModel("sebac-2011", set=TABLE, rng=1).batch.plan_b_layoffs[0]
    found = []
    for factor in (0.5, 1.0, 2.0, 4.0):
        announced = {
            "threat.layoffs": factor * optimum,
            "threat.layoffs_after_rejection": factor * optimum,
            "threat.size_doubt": doubt,
        }
        worlds = negotiate("sebac-2011", 1000, seed=3, set=TABLE | announced).frame()
        found.append(worlds["utility_governor"].mean())
    return found


def test_with_doubt_a_larger_threat_is_better_up_to_plan_b_and_worse_beyond():
    """At d = 1 the top is what Plan B itself would lay off, at d = 1/2 twice that (Schelling 1960)."""
    half, once, twice, four_times = mean_worth(1.0)
    assert half < once > twice > four_times
    half, once, twice, four_times = mean_worth(0.5)
    assert half < once < twice > four_times


@pytest.mark.slow
def test_without_doubt_a_larger_threat_is_always_better():
    assert mean_worth(0.0) == sorted(mean_worth(0.0))


def test_on_its_own_it_moves_the_layoffs_carried_out_beyond_their_interval(sebac):
    off, on = (
        negotiate(sebac, 500, seed=3, set=TABLE | {"plan_b.on": on, **FAILS}).frame()["layoffs"]
        for on in (False, True)
    )
    difference = on - off
    assert difference.mean() + 1.96 * difference.std() / np.sqrt(500) < -300


def test_on_its_own_with_the_tax_pledge_lifted_it_moves_the_savings_agreed(sebac):
    values = TABLE | {"plan_b.pledge_no_new_taxes": False}
    off, on = (
        negotiate(sebac, 500, seed=3, set=values | {"plan_b.on": on}).frame()["savings"]
        for on in (False, True)
    )
    difference = (on - off).dropna()
    half = 1.96 * difference.std() / np.sqrt(len(difference))
    assert abs(difference.mean()) > half


def test_off_its_values_change_nothing(sebac, assert_same_bits):
    values = TABLE | {"plan_b.on": False, "plan_b.pledge_no_new_taxes": False}
    assert_same_bits(
        negotiate(sebac, 37, seed=3, set=values).frame(), negotiate(sebac, 37, seed=3).frame()
    )


@pytest.mark.slow
def test_off_in_the_full_case_is_the_full_case_without_its_table(assert_same_bits):
    full = load_scenario("connecticut-2011")
    without = full.model_copy(update={"plan_b": type(full.plan_b)()})
    assert_same_bits(
        negotiate(full, 37, seed=3, set={"plan_b.on": False}).frame(),
        negotiate(without, 37, seed=3).frame(),
    )


def test_worlds_with_values_of_their_own_are_worth_what_they_are_alone(sebac, assert_same_bits):
    own = [
        TABLE | FAILS | {"plan_b.cap_aid": cap, "plan_b.pledge_no_borrowing": held}
        for cap, held in ((0.0, True), (50.0, False), (280.0, True))
    ]
    scenarios = [with_values(sebac, values) for values in own]
    together = Outcome([play(BargainingModel(scenarios, 3, rng=3))]).frame()
    for world, scenario in enumerate(scenarios):
        alone = negotiate(scenario, 1, seed=3, first_world=world).frame()
        assert_same_bits(alone, together.loc[[world]])


# -------------------------------------------------------------------------- the full case of 2011


def test_the_caps_of_the_full_case_are_those_of_its_ledger():
    full = load_scenario("connecticut-2011")
    books = {entry.name: entry.amount for entry in full.ledger}
    assert full.plan_b.cap_aid == books["town_aid_power"]
    assert full.plan_b.cap_deferral == books["deferral_2009"]


def test_the_cost_of_town_aid_gives_the_plan_of_june_from_the_split_of_may():
    full = load_scenario("connecticut-2011")
    books = {entry.name: entry.amount for entry in full.ledger}
    aid = books["town_aid_cut_fy12"] + books["town_aid_cut_fy13"]
    share = books["plan_b_cuts"] / (books["plan_b_cuts"] + books["plan_b_layoffs"])
    cuts = (1600 - aid) * share
    assert full.plan_b.cost_of_aid == pytest.approx(cuts / aid, abs=0.05)


@pytest.mark.slow
def test_the_notices_of_the_full_case_are_those_of_2011():
    full = load_scenario("connecticut-2011")
    assert full.plan_b.noticed_by_wave == pytest.approx(2984 / 6560 / 3, abs=0.0005)
    worlds = negotiate(full, 20, seed=3).frame()
    again = worlds[worlds["status"] == "ratified_second"]
    assert again["layoffs_noticed"].mean() == pytest.approx(2984, rel=0.02)


def test_what_documents_bear_out_follows_from_the_lines_of_the_ledger():
    full = load_scenario("connecticut-2011")
    lines = {entry.name: entry for entry in full.ledger}
    health = lines["health"].documented / lines["health"].amount
    pensions = lines["pensions"].documented / lines["pensions"].amount
    by_freeze = lines["pensions_by_the_freeze"].amount
    wages = (448.4 + pensions * by_freeze) / (448.4 + by_freeze)
    assert full.fiscal.verifiable == pytest.approx(
        {"wages": wages, "health": health, "ideas": 0.0, "pensions": pensions},
        abs=0.001,
    )


def test_savings_that_documents_bear_out_are_told_where_their_share_is_given(sebac, edited):
    some = edited(sebac, {("fiscal", "verifiable"): {"wages": 0.5, "health": 0.0}})
    worlds = negotiate(some, 11, seed=3).frame()
    assert (worlds["savings_verifiable"] == 0.5 * 590 * worlds["wages"]).all()
    assert "savings_verifiable" not in negotiate(sebac, 1, seed=3).frame()


def test_the_package_of_2011_is_borne_out_to_64_percent():
    batch = BargainingModel("connecticut-2011", rng=1).batch
    of_2011 = batch.agenda.find(wages=1.0, health=0.75, pensions=0.75, job_security=1.0, ideas=1.0)
    documented, scored = (
        f(batch.agenda)[0, of_2011] for f in (batch.fiscal.documented, batch.fiscal.scored)
    )
    assert documented / scored == pytest.approx(0.64, abs=0.005)


@pytest.mark.parametrize(
    ("verifiable", "sentence"),
    [
        ({"wages": 1.1}, "fiscal.verifiable.wages = 1.1: must be a number from 0 to 1"),
        ({"wages": -0.1}, "fiscal.verifiable.wages = -0.1: must be a number from 0 to 1"),
        (
            {"wagse": 0.5},
            'fiscal.verifiable.wagse: has no line in fiscal.savings (did you mean "wages"',
        ),
    ],
)
def test_a_share_of_the_score_that_cannot_be_is_refused(sebac, edited, verifiable, sentence):
    with pytest.raises(ValueError, match="verifiable") as refused:
        edited(sebac, {("fiscal", "verifiable"): verifiable})
    assert sentence in str(refused.value)
