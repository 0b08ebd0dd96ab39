"""One world as a readable story: every offer, every ballot, and why it ended."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.arrays.axes import TIE
from sim.cases.schema import Scenario, TwoLevelGame, value_of, with_a_ballot
from sim.cases.schema.ratifiers import RatifierSettings
from sim.inputs.problems import InputError, shown
from sim.mechanisms.plan_b import MEANS
from sim.play.measures import MINUS, dollars
from sim.play.outcome import Outcome
from sim.play.status import Status
from sim.show.offers import moves_in_words, package_in_words


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
    end = [_end(scenario, Status(world["status"])), *_costs(scenario, world)]
    if scenario.has_ballot:
        lines += _ballots(outcome, with_a_ballot(scenario), world)
        end += _aftermath(with_a_ballot(scenario), world)
    lines += _ratifiers(scenario, world)
    worth = (
        f"In the end this is worth {world['utility_governor']:.3f} to {scenario.sides.governor} and "
        f"{world['utility_coalition']:.3f} to {scenario.sides.coalition} (0 = no deal)."
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
    scenario, rounds = outcome.scenario, outcome.scenario.calendar.rounds
    offers = outcome.offers()
    mine = offers[offers["world"] == world.name]
    lines = [f"The talks (rounds 0 to {rounds}, the last one the deadline)", _legend(scenario)]
    lines += _offers(scenario, mine.to_dict("records"))
    if world["proposer"] == "mediator":
        levels = package_in_words(scenario, _levels(scenario, world))
        proposal = f"A mediator proposes {levels} (saves {dollars(world['savings'])})"
        return [
            *lines,
            f"  The talks fail. {proposal}, and both sides accept: a tentative agreement.",
        ]
    if world["agreed"]:
        return [*lines, *_acceptance(outcome, world)]
    if not world.get("reopened", True):
        return [*lines, "  The leaders keep the contract that runs on, and there are no talks."]
    if scenario.talks.breakdown and mine["round"].max() < rounds:
        return [*lines, "  The talks break down."]
    return [*lines, "  Nobody accepts before the deadline."]


def _offers(scenario: Scenario, offers: list[dict]) -> list[str]:
    """The offers, what moved since a side's last one, and how often nothing did."""
    lines, repeated = [], []
    last: dict[str, dict[str, float]] = {}
    for offer in offers:
        side, package = offer["proposer"], _levels(scenario, offer)
        before, last[side] = last.get(side), package
        if before == package:
            repeated.append(offer)
            continue
        lines += _repeats(scenario, repeated)
        repeated = []
        who = scenario.sides.name(side)
        if before is None:
            said = f"{who}: {package_in_words(scenario, package)}"
        else:
            said = f"{who}: moved {moves_in_words(scenario, before, package)}"
        lines.append(f"  round {offer['round']:>4}  {said} [{_worth(offer)}]")
    return lines + _repeats(scenario, repeated)


def _levels(scenario: Scenario, row: Mapping[str, Any] | pd.Series) -> dict[str, float]:
    """The package of a row: its levels by issue."""
    return {issue.name: float(row[issue.name]) for issue in scenario.issue}


def _repeats(scenario: Scenario, offers: list[dict]) -> list[str]:
    """That offers were made again, in one line."""
    if not offers:
        return []
    first, last = offers[0]["round"], offers[-1]["round"]
    when = f"  round {first:>4}" if first == last else f"  rounds {first} to {last}"
    sides = dict.fromkeys(offer["proposer"] for offer in offers)
    if len(sides) > 1:
        return [f"{when}  both sides repeat what they asked for"]
    return [f"{when}  {scenario.sides.name(next(iter(sides)))}: the same again"]


def _legend(scenario: Scenario) -> str:
    """What stands behind every offer."""
    saves = "what it saves, and " if scenario.has_ballot else ""
    sides = scenario.sides
    return (
        f"  [in brackets: {saves}what it is worth to {sides.governor} and to {sides.coalition}; 0 is no "
        "deal, 1 the best]"
    )


def _worth(package: dict) -> str:
    """What a package saves, and what it is worth to both sides."""
    saves = f"{dollars(package['savings'])}; " if "savings" in package else ""
    worth = " and ".join(f"{package[f'utility_{side}']:z.2f}" for side in ("governor", "coalition"))
    return f"{saves}{worth}".replace("-", MINUS)


def _acceptance(outcome: Outcome, world: pd.Series) -> list[str]:
    """Who accepted, and what it would have asked for next."""
    scenario = outcome.scenario
    taker = "coalition" if world["proposer"] == "governor" else "governor"
    asked = outcome.aspirations()
    asked = asked[(asked["world"] == world.name) & (asked["round"] == world["round"])]
    who = scenario.sides.name(taker)
    lines = [f"  round {world['round']:>4}  {who}: yes, a tentative agreement"]
    for offer in outcome.offers().query("world == @world.name").tail(1).to_dict("records"):
        got = offer[f"utility_{taker}"]
        own = asked[f"utility_{taker}"].iloc[-1] if len(asked) else float("nan")
        if own <= got + TIE:
            lines.append(
                f"  (it is worth {got:.2f}, and what {who} would have offered next would have been worth "
                f"{own:.2f}, no more)".replace("-", MINUS)
            )
    return lines


def _costs(scenario: Scenario, world: pd.Series) -> list[str]:
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
        f"{what} cost {scenario.sides.governor} {costs[0]:,.6g} points and {scenario.sides.coalition} "
        f"{costs[1]:,.6g}."
        for what, costs in spent.items()
    ]


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


def _end(scenario: Scenario, status: Status) -> str:
    """How it ended, in a sentence."""
    if scenario.ratifier and status is Status.RATIFIED_FIRST:
        return "Everybody whose consent was needed said yes, and the agreement is in force."
    if scenario.ratifier and status is Status.REJECTED:
        return "The agreement was rejected."
    return status.sentence


def _ratifiers(scenario: Scenario, world: pd.Series) -> list[str]:
    """How those voted whose consent was needed besides that of union members."""
    lines = []
    for ratifier in sorted(scenario.ratifier, key=lambda each: each.order):
        if not pd.isna(passed := world[f"passed_{ratifier.name}"]):
            word = "says yes" if passed else "says no"
            votes = ", ".join(_body(ratifier, body, world) for body in ratifier.bodies)
            lines.append(f"  {ratifier.title} {word}: {votes}.")
    return ["", "Ratification", *lines] if lines else []


def _body(ratifier: RatifierSettings, body: str, world: pd.Series) -> str:
    """The vote of a body, and what its rule asks for."""
    chambers = {chamber.name: chamber for chamber in ratifier.chamber}
    required = chambers[body].required if body in chambers else ratifier.required
    needed = "more than half" if required == 0.5 else f"{required:.1%}"
    who = f"{body}: " if body in chambers else ""
    return f"{who}{world[ratifier.column_of(body)]:.1%} yes ({needed} needed)"


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
    refused = ", ".join(
        f"{unit['unit']} ({_whole_percent(unit['yes_share'])} yes)" for unit in noes
    )
    kept = f"{refused} keep their raises and their risk: {world['layoffs']:,.0f} layoffs."
    return [
        "",
        "The units' own ballots on wages and job security",
        f"  {held['carried'].sum()} of {len(held)} units say yes. {kept if noes else ''}".rstrip(),
    ]


def _ballot(held: pd.DataFrame, world: pd.Series, number: int) -> list[str]:
    noes = held[~held["carried"]].sort_values("members", ascending=False, kind="stable")
    against = ", ".join(
        f"{u['union']} ({_whole_percent(u['yes_share'])} yes)" for u in noes.to_dict("records")
    )
    return [
        f"  {_bylaws_in_words(held.iloc[0])}",
        *_members(world, number),
        f"  {world[f'yes_share_{number}']:.1%} yes; {world[f'unions_yes_{number}']} of {len(held)} "
        f"unions in favour; weight behind the yes {world[f'weight_yes_{number}']:.1%}.",
        f"  Majorities against: {against or 'none'}.",
    ]


def _whole_percent(share: float) -> str:
    """A share in whole per cent; a decimal more where it would look like one half and is not."""
    looks_even = f"{share:.0%}" == "50%" and share != 0.5
    return f"{share:.1%}" if looks_even else f"{share:.0%}"


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
    quota = _unions(int(bylaws["unions_required"]))
    return f"The bylaws ask for {quota} and {bylaws['weight_required']:.0%} of the weight ({by})."


def _unions(number: int) -> str:
    return f"{number} union{'s' * (number != 1)}"


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
