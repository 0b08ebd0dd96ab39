"""One world as a readable story: every offer, every ballot, and why it ended."""

import pandas as pd

from sim.outcome import Outcome, Status
from sim.schema import TwoLevelGame


def tell(outcome: Outcome) -> str:
    """The story of the first world of an outcome, as plain text."""
    world = outcome.frame().iloc[0]
    lines = [outcome.scenario.title, "", *_talks(outcome, world)]
    if isinstance(outcome.scenario, TwoLevelGame):
        lines += _ballots(outcome, world)
    return "\n".join([*lines, "", Status(world["status"]).sentence, *_worth(world)])


def _talks(outcome: Outcome, world: pd.Series) -> list[str]:
    rounds = outcome.scenario.calendar.rounds
    offers = outcome.offers()
    mine = offers[offers["world"] == world.name]
    lines = [f"The talks (rounds 0 to {rounds}, the last one the deadline)"]
    lines += [_offer(outcome, offer) for offer in mine.to_dict("records")]
    if world["agreed"]:
        taker = "coalition" if world["proposer"] == "governor" else "governor"
        took = f"{taker} accepts the offer of the {world['proposer']}"
        return [*lines, f"  round {world['round']:>3}  {took}: a tentative agreement."]
    if outcome.scenario.talks.breakdown and mine["round"].max() < rounds:
        return [*lines, "  The talks break down."]
    return [*lines, "  Nobody accepts before the deadline."]


def _offer(outcome: Outcome, offer: dict) -> str:
    levels = ", ".join(f"{issue.name} {offer[issue.name]:g}" for issue in outcome.scenario.issue)
    dollars = f"saves ${offer['savings']:,.0f}M; " if "savings" in offer else ""
    worth = f"worth {offer['utility_governor']:.3f} to the governor, "
    worth += f"{offer['utility_coalition']:.3f} to the leaders"
    return f"  round {offer['round']:>3}  {offer['proposer']} offers {levels} ({dollars}{worth})"


def _ballots(outcome: Outcome, world: pd.Series) -> list[str]:
    lines = []
    ballots = outcome.ballots()
    ballots = ballots[ballots["world"] == world.name]
    for number, title in ((1, "The first ballot"), (2, "The second ballot")):
        held = ballots[ballots["ballot"] == number]
        if len(held):
            lines += _after_rejection(outcome.scenario) if number == 2 else []
            lines += ["", title, *_ballot(held, world, number)]
    if not world["ratified"]:
        lines += ["", f"Plan B: {world['layoffs']:,.0f} layoffs."]
    return lines


def _ballot(held: pd.DataFrame, world: pd.Series, number: int) -> list[str]:
    noes = held[~held["carried"]].sort_values("members", ascending=False, kind="stable")
    against = ", ".join(f"{u['union']} ({u['yes_share']:.0%})" for u in noes.to_dict("records"))
    return [
        f"  {_asked(held.iloc[0])}",
        *_members(world, number),
        f"  {world[f'yes_share_{number}']:.1%} yes; {world[f'unions_yes_{number}']} of {len(held)} "
        f"unions in favour; weight behind the yes {world[f'weight_yes_{number}']:.1%}.",
        f"  Majorities against: {against or 'none'}.",
    ]


def _members(world: pd.Series, number: int) -> list[str]:
    """What is known of the members besides their votes."""
    known = {
        "recommended": "The leaders of {:.1%} of the members recommend a Yes.",
        "advised_against": "The leaders of {:.1%} of the members recommend a No.",
        f"rumour_{number}": "{:.1%} of the members believe a rumour of what the deal costs them.",
        f"turnout_{number}": "{:.1%} of the members vote.",
    }
    return [
        f"  {text.format(world[name])}" for name, text in known.items() if world.get(name, 0) > 0
    ]


def _asked(bylaws: pd.Series) -> str:
    unit = "each union casts its whole membership"
    by = unit if bylaws["weighting"] == "unit" else "members' votes are pooled"
    return (
        f"The bylaws ask for {bylaws['unions_required']} unions and {bylaws['weight_required']:.0%} of "
        f"the weight ({by})."
    )


def _after_rejection(scenario: TwoLevelGame) -> list[str]:
    threat, outreach = scenario.threat, scenario.information.outreach_second
    campaign = f"removes {outreach:.0%} of the misperceived cost"
    if scenario.rumours.on:
        campaign = f"puts those right who believe the rumour, with outreach of {outreach:.0%}"
    return [
        "",
        f"After the rejection the governor threatens {threat.layoffs_after_rejection:,.0f} layoffs "
        f"(before: {threat.layoffs:,.0f}) and issues {threat.notices} rounds of notices; the unions' "
        f"campaign {campaign}.",
    ]


def _worth(world: pd.Series) -> list[str]:
    text = (
        f"In the end this is worth {world['utility_governor']:.3f} to the governor and "
        f"{world['utility_coalition']:.3f} to the union leaders (0 = no deal)."
    )
    return [text]
