"""The two sides of a case have names, and a package has words, wherever people read of them."""

import sim
from sim.cases.loading import load_scenario
from sim.show.figures.bargaining_set import bargaining_set
from sim.show.figures.dance import dance
from sim.show.figures.talks import talks
from sim.show.offers import moves_in_words, package_in_words
from sim.show.story import tell_story


def words_of(figure) -> str:
    axes = figure.axes
    told = [text for a in axes for text in (a.get_title("left"), a.get_xlabel(), a.get_ylabel())]
    return " ".join(told)


def test_sides_are_called_by_their_names():
    outcome = sim.negotiate("treaty", seed=1)
    story = tell_story(outcome)
    assert "Northland: " in story
    assert "Southland: " in story
    pictures = talks(outcome), dance(outcome), bargaining_set(sim.solve("treaty"))
    for told in (story, *map(words_of, pictures)):
        assert "Northland" in told
        assert "Southland" in told
        assert "governor" not in told
        assert "coalition" not in told
        assert "leaders" not in told


def test_a_package_in_words():
    scenario = load_scenario("sebac-2011")
    none = {issue.name: 0.0 for issue in scenario.issue}
    assert package_in_words(scenario, none) == "no change"
    some = none | {"wages": 1.0, "pensions": 0.25, "tax_share": 0.05, "job_security": 1.0}
    assert package_in_words(scenario, some) == (
        "the whole wage freeze, a quarter of the pension cuts, further tax on the wealthy for 5% of the gap "
        "and job security: four years without layoffs"
    )
    assert moves_in_words(scenario, none, none | {"negotiated_layoffs": 1000.0}) == (
        "layoffs written into the agreement (0 to 1,000)"
    )
    assert moves_in_words(scenario, some, some | {"pensions": 0.75, "job_security": 0.0}) == (
        "pension cuts (a quarter to three quarters) and job security (four years without layoffs to none)"
    )


def test_repeats_are_told_in_one_line():
    outcome = sim.negotiate("sebac-2011", seed=1)
    made, told = outcome.offers(), tell_story(outcome)
    again = made.groupby("proposer")[load_scenario("sebac-2011").model_dump()["issue"][0]["name"]]
    assert again.count().sum() > told.count("  round ")
    assert "both sides repeat what they asked for" in told


def test_a_union_just_short_of_half_is_not_told_as_half():
    from sim.show.story import _whole_percent

    assert _whole_percent(0.496) == "49.6%"
    assert _whole_percent(0.494) == "49%"
    assert _whole_percent(0.5) == "50%"
