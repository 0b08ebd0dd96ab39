"""A scenario explained back in plain words: what a person reads to see whether the file says what was meant.

Who is there, what is on the table, who must agree, what happens otherwise; what theory says of it in a
typical world, and how it ends in some worlds that are played. Then what a file does not show: values taken
over from another case, settings without an effect, and magnitudes that follow from several values.
"""

from collections.abc import Iterator, Sequence
from textwrap import fill

import numpy as np

from sim.cases.acting import without_effect
from sim.cases.loading import Layer, notes_on
from sim.cases.origin import inherited, stated
from sim.cases.schema import Scenario, TwoLevelGame, parameters_of
from sim.experiments.design.idle import idle_rules
from sim.experiments.statistics.intervals import wilson
from sim.inputs.problems import InputError, shown
from sim.play.measures import dollars
from sim.play.outcome import negotiate
from sim.play.status import Status
from sim.worlds.batch import typical_batch
from sim.worlds.size import seconds_of
from sim.worlds.solution import LIKELY, Solution

WORLDS, SEED = 200, 1
WIDTH = 118  # letters of a line
LONGEST_PLAY = 20.0  # seconds; what would take longer is not played to be explained
INERT = 0.05  # of a belief: with less left, a threat hardly moves anybody
FEW = 6  # of what is listed in a line
ENDS = {  # how a world may end, in the order in which it is told
    Status.AGREED: "ends in an agreement",
    Status.RATIFIED_FIRST: "is ratified on the first ballot",
    Status.RATIFIED_SECOND: "is ratified on the second",
    Status.REJECTED: "fails at the ballot",
    Status.IMPASSE: "fails at the table, without an agreement",
    Status.AWARDED: "is decided by an arbitrator",
}


def explanation(
    scenario: Scenario, layers: Sequence[Layer], everything: bool = False
) -> Iterator[str]:
    """A scenario in plain words, a line or two for each thing there is to say.

    Args:
        scenario: what the layers make up.
        layers: the files that make it up (see `sim.cases.loading.read_layers`).
        everything: whether long lists are told in full.
    """
    yield from _labelled("note", [*_unnamed(layers), *notes_on(layers)])
    yield from _labelled("who", _who(scenario))
    yield from _labelled("on the table", _on_the_table(scenario))
    yield from _labelled("must agree", _must_agree(scenario))
    yield from _labelled("otherwise", _otherwise(scenario))
    yield from _labelled("besides", _besides(scenario))
    yield from _labelled("in theory", _in_theory(scenario))
    yield from _labelled("played", _played(scenario))
    if isinstance(scenario, TwoLevelGame):
        yield from _labelled("derived", _derived(scenario))
        yield from _labelled("warning", _warnings(scenario))
    yield from _labelled("no effect", _without_effect(scenario, layers))
    yield from _labelled("inherited", _inherited(scenario, layers, everything))


def _labelled(label: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        head = f"  {label if number == 0 else '':<12} "
        yield fill(line, WIDTH, initial_indent=head, subsequent_indent=" " * (len(head) + 2))


def _unnamed(layers: Sequence[Layer]) -> Iterator[str]:
    own = layers[-1].document
    if inherited_words := [word for word in ("name", "title", "description") if word not in own]:
        yield f"{', '.join(inherited_words)}: not stated, so as in what this file extends"


def _who(scenario: Scenario) -> Iterator[str]:
    sides = scenario.sides
    if not isinstance(scenario, TwoLevelGame):
        yield f"{sides.governor} (the side called governor) and {sides.coalition} (called coalition)"
        return
    sizes = sorted(scenario.union, key=lambda union: -union.members)
    named = _few([f"{union.name} {union.members:,}" for union in sizes])
    count = len(sizes)
    yield (
        f"{sides.governor}, and {'a union' if count == 1 else f'a coalition of {count} unions'} with "
        f"{scenario.coalition.members:,} members: {named}"
    )


def _on_the_table(scenario: Scenario) -> Iterator[str]:
    for issue in scenario.issue:
        levels = issue.levels
        said = (
            f"{levels[0]:g} to {levels[-1]:g} in {len(levels):,} levels"
            if len(levels) > FEW
            else ", ".join(map(issue.label_of, levels))
        )
        yield f"{issue.name}: {issue.title} ({said}; {issue.unit})"
    for one, other in scenario.agenda.excludes:
        yield f"never both {one} and {other}"
    yield f"the sides take turns making offers, {scenario.calendar.rounds + 1:,} turns at the most"


def _must_agree(scenario: Scenario) -> Iterator[str]:
    yield "both sides at the table"
    if isinstance(scenario, TwoLevelGame):
        yield from _members_must(scenario)
    for ratifier in sorted(scenario.ratifier, key=lambda each: each.order):
        bodies = "; ".join(map(_rule_in_words, *zip(*ratifier.rules, strict=True)))
        side = scenario.sides.name(ratifier.side)
        yield f"then {ratifier.title}, a {ratifier.kind} on the side of {side}: {bodies}"


def _rule_in_words(body: str, seats: int | None, required: float) -> str:
    needed = "more than half" if required == 0.5 else f"{required:.0%}"
    of = "the votes" if seats is None else f"{seats:,} seats"
    return f"{needed} of {of}{body and f' in its {body} chamber'}"


def _members_must(scenario: TwoLevelGame) -> Iterator[str]:
    rules, count = scenario.ratification, len(scenario.union)
    weighed = {"unit": "unions counted whole", "pooled": "votes of members added up"}
    yield (
        f"then the members: {_of(rules.unions_required, count)} unions with "
        f"{rules.weight_required:.0%} of the weight ({weighed[rules.weighting]})"
    )
    yield _vetoes(scenario)
    if rules.second_vote:
        amended = ""
        if rules.amendment_allowed:
            amended = (
                f"; {_of(rules.leaders_to_amend, count)} leaders may change the bylaws to "
                f"{_of(rules.amended_unions_required, count)} unions with "
                f"{rules.amended_weight_required:.0%} ({weighed[rules.amended_weighting]})"
            )
        yield f"what they reject is voted on a second time{amended}"


def _vetoes(scenario: TwoLevelGame) -> str:
    """Which unions can block alone, or that one quota can never be met."""
    rules, count = scenario.ratification, len(scenario.union)
    if rules.unions_required > count:
        return f"nothing passes: {rules.unions_required} unions are required and there are {count}"
    vetoes = Solution(scenario).veto_players
    if not vetoes:
        return "no union can block alone, the others being for it"
    if len(vetoes) == count:
        return "every union can block alone" if count > 1 else "it is the only union"
    return f"alone can block: {_few(vetoes)}"


def _otherwise(scenario: Scenario) -> Iterator[str]:
    if not isinstance(scenario, TwoLevelGame):
        governor, coalition = scenario.disagreement
        sides = scenario.sides
        yield f"{sides.governor} gets {governor:g} points and {sides.coalition} {coalition:g}"
        return
    batch = typical_batch(scenario)
    needed = float(batch.plan_b_layoffs[0])
    yield (
        f"the gap of {dollars(scenario.fiscal.gap)} is closed without the unions (Plan B): about "
        f"{needed:,.0f} layoffs, and the rest by other means"
    )
    threat = scenario.threat
    told = f"threatened are {threat.layoffs:,.0f} layoffs"
    if scenario.ratification.second_vote:
        told += f", and {threat.layoffs_after_rejection:,.0f} after a first No"
    yield f"{told}, of {scenario.members.workforce:,} employees"


def _besides(scenario: Scenario) -> Iterator[str]:
    if scenario.mechanisms:
        yield f"switched on: {', '.join(each.table for each in scenario.mechanisms)}"
    if scenario.record:
        yield f"what happened is in the record {scenario.record}"


def _in_theory(scenario: Scenario) -> Iterator[str]:
    try:
        solution = Solution(scenario)
        table = solution.packages
    except InputError as error:  # more packages than memory
        yield str(error)
        return
    agreed, all_ = int(table["zopa"].sum()), len(table)
    yield (
        f"{agreed:,} of {all_:,} packages are better for both sides than no agreement (the ZOPA)"
        if agreed
        else f"none of {all_:,} packages is better for both sides than no agreement: no ZOPA"
    )
    if not scenario.is_ratified:
        return
    for who, title in solution.must_agree.items():
        pass_it = int((solution.consent(who) >= LIKELY).sum())
        yield f"{pass_it:,} packages would more likely than not pass {title} (its win-set)"
    wins = solution.wins
    both = int((wins & table["zopa"].to_numpy()).sum())
    if len(solution.must_agree) > 1:
        yield f"{int(wins.sum()):,} would pass all of these, {both:,} of them in the ZOPA"
    else:
        yield f"{both:,} of them are in the ZOPA"
    if not wins.any():
        best = float(solution.ratification.max())
        yield f"the likeliest package passes with a chance of {best:.0%}: failure comes at the ballot"
    elif not both and agreed:
        yield "so what both sides at the table would sign, the members would not"


def _played(scenario: Scenario) -> Iterator[str]:
    try:
        seconds = seconds_of(scenario, WORLDS)
        if seconds > LONGEST_PLAY:
            yield f"not tried out, as {WORLDS} worlds would take some {seconds:,.0f} s"
            return
        ended = negotiate(scenario, WORLDS, seed=SEED).frame()["status"].value_counts()
    except InputError as error:
        yield str(error)
        return
    yield f"of {WORLDS} worlds, with 95 % intervals (seed {SEED}):"
    for status, words in ENDS.items():
        if times := int(ended.get(status.value, 0)):
            low, high = wilson(float(times), float(WORLDS))
            yield f"{_percent(times / WORLDS)} ({low:.0%} to {high:.0%}) {words}"


def _percent(share: float) -> str:
    """A share that is rounded to 0 or 1 only if it is that."""
    return f"{share:.0%}" if share in (0, 1) or 0.005 < share < 0.995 else f"{share:.1%}"


def _derived(scenario: TwoLevelGame) -> Iterator[str]:
    """Magnitudes that follow from several values, which each of them hides."""
    dollars_asked = sum(
        value for name, value in scenario.fiscal.savings.items() if _on_agenda(scenario, name)
    )
    felt, each = _loss(scenario), 1e6 * dollars_asked / scenario.members.workforce
    told = (
        f"the full ask saves {dollars(dollars_asked)}, {dollars_asked / scenario.fiscal.gap:.0%} of "
        f"the gap and ${each:,.0f} an employee"
    )
    if felt > 0:
        told += (
            f"; members are said to feel it as {felt:.1%} of a year's pay, which is the same money where "
            f"pay is ${each / felt:,.0f} a year"
        )
    yield told
    batch = typical_batch(scenario)
    needed, threat = float(batch.plan_b_layoffs[0]), scenario.threat
    if threat.layoffs:
        yield (
            f"the threat is {threat.layoffs / scenario.members.workforce:.1%} of the workforce, and "
            f"{threat.layoffs / needed:.2g} times what Plan B would itself lay off ({needed:,.0f})"
        )
        left = _left_of_belief(scenario)
        yield (
            f"members believe it with {threat.credibility_members * left:.0%} and leaders with "
            f"{threat.credibility_leaders * left:.0%}"
        )


def _warnings(scenario: TwoLevelGame) -> Iterator[str]:
    threat, left = scenario.threat, _left_of_belief(scenario)
    if threat.layoffs and left < INERT:
        yield (
            f"threat.size_doubt = {threat.size_doubt:g} leaves {left:.1%} of the belief in the threat, which "
            "is far above what Plan B would lay off: it moves hardly anybody. State threat.size_doubt = 0, "
            "or a threat nearer to Plan B"
        )
    unfelt = [
        issue.name
        for issue in scenario.issue
        if scenario.fiscal.savings.get(issue.name) and _loss_of(scenario, issue.name) == 0
    ]
    for name in unfelt:
        yield f"{name} saves dollars and costs members nothing: the loss of its full ask is 0"


def _left_of_belief(scenario: TwoLevelGame) -> float:
    """What doubt about its size leaves of the belief in the threat."""
    credibility = scenario.threat.credibility_leaders
    if not credibility:
        return 1.0
    return float(np.max(typical_batch(scenario).leaders_belief)) / credibility


def _loss(scenario: TwoLevelGame) -> float:
    """What the full ask takes from the average member (share of annual pay)."""
    return sum(_loss_of(scenario, issue.name) for issue in scenario.issue)


def _loss_of(scenario: TwoLevelGame, issue: str) -> float:
    members = scenario.members
    loss = {
        "wages": members.wage_pain,
        "health": members.health_pain,
        "pensions": members.pension_pain + members.pension_pain_by_seniority / 2,
        "ideas": members.ideas_pain,
    }
    return loss.get(issue, 0.0)


def _on_agenda(scenario: TwoLevelGame, name: str) -> bool:
    return any(issue.name == name and max(issue.levels) > 0 for issue in scenario.issue)


def _without_effect(scenario: Scenario, layers: Sequence[Layer]) -> Iterator[str]:
    """What the file itself states and has no effect, then rules of any file that do nothing."""
    own = stated([layers[-1]])
    off = {key.split(".")[0] for key, each in own.items() if key.endswith(".on") and not each.value}
    said = [
        key
        for key in parameters_of(scenario)
        if key in own and len(layers) > 1 and key.split(".")[0] not in off
    ]
    for key in said:
        if reason := without_effect(scenario, key):
            yield f"{key} = {shown(own[key].value)}: {reason}"
    yield from (sentence for name, sentence in idle_rules([scenario]) if name not in said)


def _inherited(scenario: Scenario, layers: Sequence[Layer], everything: bool) -> Iterator[str]:
    """Values that are another case's, and act in this one."""
    known = parameters_of(scenario)
    taken = {
        key: each
        for key, each in inherited(list(layers)).items()
        if key not in known or without_effect(scenario, key) is None
    }
    files = list(dict.fromkeys(each.file for each in taken.values()))
    for file in files:
        count = sum(each.file == file for each in taken.values())
        yield (
            f"{count} value{'s' * (count > 1)} that act {'are' if count > 1 else 'is'} those of {file}, with "
            f"its sources, and not stated here{'' if everything else ' (--all lists them)'}"
        )
    if everything:
        for key, each in taken.items():
            yield f"{key} = {shown(each.value)}: {each.words or 'says nothing'} ({each.file})"


def _of(required: int, count: int) -> str:
    return f"all {count}" if required == count > 1 else f"{required} of {count}"


def _few(names: Sequence[str]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")
