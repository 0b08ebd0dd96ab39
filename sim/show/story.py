"""One world as a readable story: every offer, every ballot, and why it ended."""

import pandas as pd

from sim.cases.schema import TwoLevelGame, value_of, with_a_ballot
from sim.inputs.problems import InputError, shown
from sim.mechanisms.plan_b import MEANS
from sim.play.measures import dollars
from sim.play.outcome import Outcome
from sim.play.status import Status


def tell_story(outcome: Outcome) -> str:
    """The story of the first world of an outcome, as plain text.

    Raises:
        sim.inputs.problems.InputError: when it is given something else.

    """
    if not isinstance(outcome, Outcome):
        raise InputError(f"outcome = {shown(outcome)}: must be what `negotiate` or `replay` gave")
    world = outcome.frame().iloc[0]
    scenario = outcome.scenario
    lines = [scenario.title, "", *_ground_rules(world), *_talks(outcome, world)]
    end = [Status(world["status"]).sentence, *_costs(world)]
    if scenario.has_ballot:
        lines += _ballots(outcome, with_a_ballot(scenario), world)
        end += _aftermath(with_a_ballot(scenario), world)
    worth = (
        f"In the end this is worth {world['utility_governor']:.3f} to the governor and "
        f"{world['utility_coalition']:.3f} to the union leaders (0 = no deal)."
    )
    return "\n".join([*lines, "", *end, worth])


def _ground_rules(world: pd.Series) -> list[str]:
    """What was agreed before the talks, if anything had to be."""
    if "secrecy_rule" not in world:
        return []
    rules = {
        key: world[key].replace("_", " ")
        for key in ("secrecy_rule", "governor_wanted", "coalition_wanted")
    }
    return [
        f"Ground rules: {rules['secrecy_rule']}, {world['deadline']} rounds. The governor wanted "
        f"{rules['governor_wanted']}, the union leaders {rules['coalition_wanted']}.",
        "",
    ]


def _talks(outcome: Outcome, world: pd.Series) -> list[str]:
    rounds = outcome.scenario.calendar.rounds
    offers = outcome.offers()
    mine = offers[offers["world"] == world.name]
    lines = [f"The talks (rounds 0 to {rounds}, the last one the deadline)"]
    lines += [_offer(outcome, offer) for offer in mine.to_dict("records")]
    if world["proposer"] == "mediator":
        levels = ", ".join(
            f"{issue.name} {world[issue.name]:g}" for issue in outcome.scenario.issue
        )
        proposal = f"A mediator proposes {levels} (saves {dollars(world['savings'])})"
        return [
            *lines,
            f"  The talks fail. {proposal}, and both sides accept: a tentative agreement.",
        ]
    if world["agreed"]:
        taker = "coalition" if world["proposer"] == "governor" else "governor"
        took = f"{taker} accepts the offer of the {world['proposer']}"
        return [*lines, f"  round {world['round']:>3}  {took}: a tentative agreement."]
    if not world.get("reopened", True):
        return [*lines, "  The leaders keep the contract that runs on, and there are no talks."]
    if outcome.scenario.talks.breakdown and mine["round"].max() < rounds:
        return [*lines, "  The talks break down."]
    return [*lines, "  Nobody accepts before the deadline."]


def _costs(world: pd.Series) -> list[str]:
    """What the turns without an agreement have cost, where they cost something."""
    spent = {
        what: [world[f"cost_of_{table}_{side}"] for side in ("governor", "coalition")]
        for table, what in (("delay", "The time has"), ("strike", "The strike has"))
        if f"cost_of_{table}_governor" in world
    }
    lasted = (
        [f"There were {world['strike_rounds']} rounds of strike."]
        if "strike_rounds" in world
        else []
    )
    return lasted + [
        f"{what} cost the governor {costs[0]:,.6g} points and the union leaders {costs[1]:,.6g}."
        for what, costs in spent.items()
    ]


def _offer(outcome: Outcome, offer: dict) -> str:
    levels = ", ".join(f"{issue.name} {offer[issue.name]:g}" for issue in outcome.scenario.issue)
    saves = f"saves {dollars(offer['savings'])}; " if "savings" in offer else ""
    worth = f"worth {offer['utility_governor']:.3f} to the governor, "
    worth += f"{offer['utility_coalition']:.3f} to the leaders"
    return f"  round {offer['round']:>3}  {offer['proposer']} offers {levels} ({saves}{worth})"


def _ballots(outcome: Outcome, scenario: TwoLevelGame, world: pd.Series) -> list[str]:
    lines: list[str] = []
    ballots = outcome.ballots()
    ballots = ballots[ballots["world"] == world.name]
    for number, title in ((1, "The first ballot"), (2, "The second ballot")):
        held = ballots[ballots["ballot"] == number]
        if len(held):
            lines += _after_rejection(scenario) if number == 2 else []
            lines += ["", title, *_ballot(held, world, number)]
    lines += _wages(outcome, world)
    if world["status"] == Status.AWARDED:
        lines += ["", f"The arbitrator's award saves {dollars(world['award_savings'])}."]
    elif not world["ratified"]:
        layoffs, closed = f"{world['layoffs']:,.0f} layoffs", _dollars_of_plan_b(world)
        lines += ["", f"The disagreement outcome, Plan B: {layoffs}.{closed}"]
    return lines + _legislature(world)


def _dollars_of_plan_b(world: pd.Series) -> str:
    """What closes the gap after failure, where the scenario says with what it can be closed."""
    if "left_open" not in world:
        return ""
    used = {means: world[f"plan_b_{means}"] for means in MEANS}
    means_used = ", ".join(f"{means} {dollars(sum_)}" for means, sum_ in used.items() if sum_ > 0)
    owed = f"; {dollars(world['deferred'])} of it is owed later" if world["deferred"] > 0 else ""
    return f" {dollars(world['left_open'])} are closed by {means_used}{owed}."


def _legislature(world: pd.Series) -> list[str]:
    if "budget_passed" not in world:
        return []
    sentence = (
        f"The legislature {'passes' if world['budget_passed'] else 'does not pass'} the budget"
    )
    if not pd.isna(world["requests_made"]) and world["requests_made"]:
        sentence += f" and blocks {world['requests_blocked']} of {world['requests_made']} requests"
    return ["", f"{sentence}."]


def _wages(outcome: Outcome, world: pd.Series) -> list[str]:
    """What the bargaining units decided on their own wages, if they were asked."""
    units = outcome.units()
    held = units[(units["world"] == world.name) & (units["question"] == "wages")]
    if not len(held):
        return []
    noes = held[~held["carried"]].to_dict("records")
    refused = ", ".join(f"{unit['unit']} ({unit['yes_share']:.0%})" for unit in noes)
    kept = f"{refused} keep their raises and their risk: {world['layoffs']:,.0f} layoffs."
    return [
        "",
        "The units' own ballots on wages and job security",
        f"  {held['carried'].sum()} of {len(held)} units say yes. {kept if noes else ''}".rstrip(),
    ]


def _ballot(held: pd.DataFrame, world: pd.Series, number: int) -> list[str]:
    noes = held[~held["carried"]].sort_values("members", ascending=False, kind="stable")
    against = ", ".join(f"{u['union']} ({u['yes_share']:.0%})" for u in noes.to_dict("records"))
    return [
        f"  {_bylaws_in_words(held.iloc[0])}",
        *_members(world, number),
        f"  {world[f'yes_share_{number}']:.1%} yes; {world[f'unions_yes_{number}']} of {len(held)} "
        f"unions in favour; weight behind the yes {world[f'weight_yes_{number}']:.1%}.",
        f"  Majorities against: {against or 'none'}.",
    ]


def _members(world: pd.Series, number: int) -> list[str]:
    """What is known of the members besides their votes."""
    known = {
        "recommended": "The leaders of {:.1%} of the members recommend voting Yes.",
        "advised_against": "The leaders of {:.1%} of the members recommend voting No.",
        f"rumour_{number}": "{:.1%} of the members believe a rumour of what the deal costs them.",
        f"turnout_{number}": "{:.1%} of the members vote.",
    }
    return [
        f"  {text.format(world[name])}" for name, text in known.items() if world.get(name, 0) > 0
    ]


def _bylaws_in_words(bylaws: pd.Series) -> str:
    unit = "each union casts its whole membership"
    by = unit if bylaws["weighting"] == "unit" else "members' votes are pooled"
    return (
        f"The bylaws ask for {bylaws['unions_required']} unions and {bylaws['weight_required']:.0%} of "
        f"the weight ({by})."
    )


def _after_rejection(scenario: TwoLevelGame) -> list[str]:
    threat, outreach = scenario.threat, scenario.information.outreach_second
    campaign = f"removes {outreach:.0%} of the misperceived cost"
    if value_of(scenario, "rumours.on"):
        campaign = f"puts those right who believe the rumour, with outreach of {outreach:.0%}"
    return [
        "",
        f"After the rejection the governor threatens {threat.layoffs_after_rejection:,.0f} layoffs "
        f"(before: {threat.layoffs:,.0f}) and issues {threat.notices} rounds of notices; the unions' "
        f"campaign {campaign}.",
    ]


def _aftermath(scenario: TwoLevelGame, world: pd.Series) -> list[str]:
    """What the end meant to the public, to old friends, and to the budget, where a scenario tells."""
    lines = []
    if "approval" in world:
        before, after = value_of(scenario, "public.approval"), world["approval"]
        lines.append(
            f"Of the public with an opinion {after:.1%} approve of the governor; when the talks began "
            f"it was {before:.1%}."
        )
    if "alliance_kept" in world:
        lines.append(f"Of the alliance of the campaign {world['alliance_kept']:.0%} is left.")
    if "savings_realised" in world and world["ratified"]:
        scored, realised = dollars(world["savings"]), dollars(world["savings_realised"])
        lines.append(f"Of the {scored} that were scored {realised} come true.")
    return lines
