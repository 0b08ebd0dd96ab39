"""Checks of a scenario across its tables.

They read the plain document, so that they speak even when another table is wrong; a check that
stumbles over something malformed leaves that to the schema's own sentence.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from sim.cases.payoffs import SIDES, payoff_problems
from sim.cases.ratifiers import ratifier_problems
from sim.inputs.parameter import expand
from sim.inputs.problems import Document, nearest, shown

TWO_LEVEL_ISSUES = (
    "wages",
    "health",
    "pensions",
    "ideas",
    "tax_share",
    "negotiated_layoffs",
    "job_security",
)
FELT = {  # what members lose or gain by an issue; to be stated where it is on the agenda
    "wages": "wage_pain",
    "health": "health_pain",
    "pensions": "pension_pain",
    "ideas": "ideas_pain",
    "job_security": "job_security_value",
}
QUOTAS = ("unions_required", "leaders_to_amend", "amended_unions_required")
ANNOUNCED = ("layoffs", "layoffs_after_rejection")
PRICED_ISSUES = ("wages", "health", "pensions", "ideas")

Check = Callable[[Document], Iterable[str]]


def across_tables(document: Document, changed: Collection[str] | None = None) -> list[str]:
    """A sentence for every problem between the tables of a scenario of a known utility.

    Where only some parameters were `changed` of a scenario that was good, all else goes together.
    """
    checks = CHECKS[document["utility"]]
    asked = checks if changed is None else checks_of(document["utility"], changed)
    return [sentence for check in asked for sentence in tried(check, document)]


def checks_of(utility: str, changed: Collection[str]) -> dict[Check, set[str]]:
    """The checks that read one of the parameters, by dotted name, with all that they read."""
    return {
        check: read
        for check, read in CHECKS[utility].items()
        if any(reads(read, key) for key in changed)
    }


def reads(read: Collection[str], key: str) -> bool:
    """Whether a parameter is among what is read: it by itself, or the whole of its table."""
    return key in read or key.split(".")[0] in read


def tried(check: Check, document: Document) -> list[str]:
    """What a check has to say of a document; nothing where it stumbles."""
    found: list[str] = []
    with suppress(KeyError, TypeError, AttributeError, IndexError, ValueError):
        found.extend(check(document))
    return found


def _names_once(document: Document) -> Iterable[str]:
    for table in ("issue", "union", "unit", "ledger", "ratifier"):
        used = Counter(entry["name"] for entry in document.get(table, []))
        for name, times in used.items():
            if times > 1:
                yield f'{table}: the name "{name}" is used {times} times; each must be its own'


def _listed(document: Document, table: str) -> list:
    if not isinstance(document[table], list):
        raise TypeError(f"{table} is not a list of tables")
    return document[table]


def _levels_once(document: Document) -> Iterable[str]:
    for issue in document["issue"]:
        levels = expand(issue["levels"])
        if len(set(levels)) < len(levels):
            yield f"issue.{issue['name']}.levels = {shown(levels)}: repeats a level"


def _labels_fit(document: Document) -> Iterable[str]:
    for issue in document["issue"]:
        labels, levels = issue.get("labels"), expand(issue["levels"])
        if labels is None:
            continue
        place = f"issue.{issue['name']}.labels"
        if len(labels) != len(levels):
            yield f"{place}: has {len(labels)} labels for {len(levels)} levels; give one for each"
        if len(set(labels)) < len(labels):
            yield f"{place} = {shown(labels)}: repeats a label"
        if not all(label.strip() for label in labels):
            yield f"{place} = {shown(labels)}: must be words; one is empty"


def _excludes_known(document: Document) -> Iterable[str]:
    names = [issue["name"] for issue in document["issue"]]
    for pair in document.get("agenda", {}).get("excludes", []):
        for name in pair if isinstance(pair, list | tuple) else ():
            if name not in names:
                yield f'agenda.excludes: no issue is called "{name}"{nearest(name, names)}'


def _exponential_starts(document: Document) -> Iterable[str]:
    for side in SIDES:
        table = document[side]
        if table.get("tactic") == "exponential" and not table.get("first_concession", 0) > 0:
            yield (
                f"{side}.first_concession = {shown(table.get('first_concession', 0))}: must be above "
                "0 with the exponential tactic, which starts there"
            )


def _unions_sum(document: Document) -> Iterable[str]:
    total = sum(union["members"] for union in document["union"])
    said = document["coalition"]["members"]
    if total != said:
        yield (
            f"coalition.members = {said}: the {len(document['union'])} unions listed have {total} "
            "members together; the two must be equal"
        )


def _advice_heard(document: Document) -> Iterable[str]:
    if document.get("recommendation", {}).get("on"):
        return
    for union in document["union"]:
        if union.get("advises", "rule") != "rule":
            yield (
                f'union "{union["name"]}": advises = {shown(union["advises"])}: is heard only where '
                "recommendation.on = true"
            )


def _units_sum(document: Document) -> Iterable[str]:
    sizes = {union["name"]: union["members"] for union in document["union"]}
    units = document.get("unit", [])
    for unit in units:
        if unit["union"] not in sizes:
            yield (
                f'unit: "{unit["name"]}" is said to be of "{unit["union"]}", and no union is called so'
                f"{nearest(unit['union'], sizes)}"
            )
    for union, members in sizes.items():
        own = [unit["members"] for unit in units if unit["union"] == union]
        if own and sum(own) != members:
            yield (
                f'unit: the {len(own)} units of "{union}" have {sum(own)} members together, and the union '
                f"{members}; the two must be equal"
            )


def _quotas_reachable(document: Document) -> Iterable[str]:
    n = len(_listed(document, "union"))
    for key in QUOTAS:
        k = document["ratification"].get(key, 0)
        if k > n + 1:
            yield f"ratification.{key} = {k}: there are {n} unions; must be 0 to {n + 1}"


def _threat_within_workforce(document: Document) -> Iterable[str]:
    workforce = document["members"]["workforce"]
    for key in ANNOUNCED:
        announced = document["threat"].get(key)
        if isinstance(announced, int | float) and announced > workforce:
            yield (
                f"threat.{key} = {announced}: must be a number from 0 to members.workforce = "
                f"{workforce}"
            )


def _issues_understood(document: Document) -> Iterable[str]:
    highest = dict.fromkeys(TWO_LEVEL_ISSUES, 1.0)
    highest["negotiated_layoffs"] = document["members"]["workforce"]
    for issue in document["issue"]:
        name = issue["name"]
        if name not in highest:
            known = ", ".join(TWO_LEVEL_ISSUES)
            yield (
                f'issue: members and governor have no view on "{name}"'
                f"{nearest(name, highest)}; the issues are {known}"
            )
            continue
        for level in expand(issue["levels"]):
            if not 0 <= level <= highest[name]:
                yield (
                    f"issue.{name}.levels: {level:g} is not a number from 0 to {highest[name]:g}"
                )
        for side in SIDES:
            if issue.get(side) is not None:
                yield f'issue.{name}.{side}: points are for scenarios with utility = "points"'


def _issues_felt(document: Document) -> Iterable[str]:
    stated = document["members"]
    for issue in document["issue"]:
        key = FELT.get(issue["name"])
        if key is not None and key not in stated:
            yield (
                f"members.{key}: is missing; {issue['name']} is on the agenda: say what it is to a member"
            )


def _savings_named(document: Document) -> Iterable[str]:
    names = [issue["name"] for issue in document["issue"]]
    savings = document["fiscal"]["savings"]
    for name in savings:
        if name not in PRICED_ISSUES:
            yield f"fiscal.savings.{name}: only {', '.join(PRICED_ISSUES)} save dollars by their level"
    for name in PRICED_ISSUES:
        if name in names and name not in savings:
            yield f"fiscal.savings.{name}: is missing; say what the full ask saves ($M)"
    for name in document["fiscal"].get("soft", []):
        if name not in savings:
            yield f'fiscal.soft: "{name}" has no line in fiscal.savings{nearest(name, savings)}'
    for name, share in document["fiscal"].get("verifiable", {}).items():
        if name not in savings:
            yield f"fiscal.verifiable.{name}: has no line in fiscal.savings{nearest(name, savings)}"
        elif not 0 <= share <= 1:
            yield f"fiscal.verifiable.{name} = {share}: must be a number from 0 to 1"


def _ledger_adds_up(document: Document) -> Iterable[str]:
    entries = {entry["name"]: entry for entry in document.get("ledger", [])}
    for name, entry in entries.items():
        key, amount = f"ledger.{name}", entry["amount"]
        if entry["status"] == "derived":
            yield f'{key}.status = "derived": what follows from other entries is not stated; leave it out'
        if amount < 0:
            yield f"{key}.amount = {amount}: must be a number from 0; its kind says which way it counts"
        if (entry.get("documented") or 0) > amount:
            yield f"{key}.documented = {entry['documented']}: must be at most its amount, {amount}"
        whole = entry.get("part_of", "")
        if whole and whole not in entries:
            yield f'{key}.part_of: no entry is called "{whole}"{nearest(whole, entries)}'
        parts = sum(part["amount"] for part in entries.values() if part.get("part_of") == name)
        if parts > amount:
            yield f"{key}.amount = {amount}: its parts add up to {parts:g}; must be at least that"


def _score_holds_its_lines(document: Document) -> Iterable[str]:
    entries = [entry for entry in document["ledger"] if not entry.get("part_of")]
    scored = [entry for entry in entries if entry["status"] == "scored"]
    total = sum(entry["amount"] for entry in scored if entry["kind"] == "labor_savings")
    lines = sum(entry["amount"] for entry in scored if entry["kind"] == "score_line")
    if lines > total:
        yield (
            f"ledger: the lines of the score add up to {lines:g}, its totals by year to {total:g}; "
            "the lines must not exceed the totals"
        )


def _contract_can_be_kept(document: Document) -> Iterable[str]:
    if not document.get("contract", {}).get("on"):
        return
    for issue in document["issue"]:
        if 0 not in expand(issue["levels"]):
            yield (
                f"contract.on = true: issue.{issue['name']}.levels = {shown(issue['levels'])} do not hold "
                "0, no change, which is what the contract keeps"
            )


def _tiers_fit(document: Document) -> Iterable[str]:
    table = document["seniority"]
    one, two = table.get("tier_one_share", 0), table.get("tier_two_share", 0)
    if one + two > 1:
        yield (
            f"seniority.tier_two_share = {two:g}: with tier_one_share = {one:g} more than all members; "
            f"must be at most {1 - one:g}"
        )


def _believed_costs_in_bounds(document: Document) -> Iterable[str]:
    rules, information = document.get("ground_rules", {}), document["information"]
    for side, other in (("governor", "coalition"), ("coalition", "governor")):
        factor = rules.get(f"{side}_believes", 1.0)
        if factor > 1 and factor * information.get(f"audience_cost_{other}", 0.0) > 1000:
            yield (
                f"ground_rules.{side}_believes = {factor}: makes of information.audience_cost_{other} "
                f"{factor * information[f'audience_cost_{other}']:g}; the most is 1000"
            )


def _ideas_on_the_agenda(document: Document) -> Iterable[str]:
    table = document["ideas"]
    if table.get("on") and "ideas" not in [issue["name"] for issue in document["issue"]]:
        yield 'ideas.on = true: needs an issue called "ideas"; put it on the agenda'
    if table.get("on") and "ideas" in document["fiscal"].get("soft", []):
        yield (
            'fiscal.soft: "ideas" is discounted twice, as [ideas] says how much of it comes true; '
            "take it out of one"
        )


_STARTS = {f"{side}.{key}" for side in SIDES for key in ("tactic", "first_concession")}
_PAYOFFS = {f"payoffs.{key}" for key in ("table", "let", *SIDES)}
# Each check with the lists and parameters that it reads: what any other holds is nothing to it.
CHECKS: dict[str, dict[Check, set[str]]] = {
    "points": {
        _names_once: {"issue", "union", "unit", "ledger", "ratifier"},
        ratifier_problems: {"issue", "ratifier"},
        _levels_once: {"issue"},
        _labels_fit: {"issue"},
        _excludes_known: {"issue", "agenda.excludes"},
        _exponential_starts: _STARTS,
        payoff_problems: {"issue", "agenda.excludes", "batna", "values", *_PAYOFFS},
    },
    "two_level": {
        _names_once: {"issue", "union", "unit", "ledger", "ratifier"},
        ratifier_problems: {"issue", "ratifier"},
        _levels_once: {"issue"},
        _labels_fit: {"issue"},
        _excludes_known: {"issue", "agenda.excludes"},
        _exponential_starts: _STARTS,
        _unions_sum: {"union", "coalition.members"},
        _advice_heard: {"union", "recommendation.on"},
        _units_sum: {"union", "unit"},
        _quotas_reachable: {"union", *(f"ratification.{key}" for key in QUOTAS)},
        _threat_within_workforce: {
            "members.workforce",
            *(f"threat.{key}" for key in ANNOUNCED),
        },
        _issues_understood: {"members.workforce", "issue"},
        _issues_felt: {"issue", *(f"members.{key}" for key in FELT.values())},
        _savings_named: {
            "issue",
            "fiscal.savings",
            "fiscal.soft",
            "fiscal.verifiable",
        },
        _ledger_adds_up: {"ledger"},
        _score_holds_its_lines: {"ledger"},
        _contract_can_be_kept: {"contract.on", "issue"},
        _ideas_on_the_agenda: {"ideas.on", "issue", "fiscal.soft"},
        _believed_costs_in_bounds: {
            *(f"ground_rules.{side}_believes" for side in SIDES),
            *(f"information.audience_cost_{side}" for side in SIDES),
        },
        _tiers_fit: {"seniority.tier_one_share", "seniority.tier_two_share"},
    },
}
