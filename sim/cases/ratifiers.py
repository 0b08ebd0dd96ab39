"""What may be wrong with ratifiers, as a plain document has them: a sentence for each problem."""

from collections import Counter
from collections.abc import Iterable

from sim.inputs.parameter import expand
from sim.inputs.problems import Document, nearest, shown


def ratifier_problems(document: Document) -> Iterable[str]:
    """What does not fit together in the ratifiers of a scenario, and with its issues."""
    issues = {issue["name"]: issue for issue in document["issue"]}
    for ratifier in document.get("ratifier", []):
        where = f"ratifier.{ratifier['name']}"
        for table in ("points", "position"):
            for name in ratifier.get(table, {}):
                if name not in issues:
                    yield f'{where}.{table}: no issue is called "{name}"{nearest(name, issues)}'
        yield from _points_of(ratifier, where, issues)
        yield from _seats_of(ratifier, where)


def _points_of(ratifier: Document, where: str, issues: Document) -> Iterable[str]:
    for name, points in ratifier.get("points", {}).items():
        given, levels = len(expand(points)), len(expand(issues[name]["levels"]))
        if given != levels:
            yield f"{where}.points.{name}: has {given} points for {levels} levels; give one for each"
    if ratifier["worth"] == "own" and not ratifier.get("points"):
        yield f'{where}.worth = "own": needs its points; say {where}.points, by issue'
    if ratifier.get("points") and ratifier["worth"] != "own":
        yield f'{where}.points: are read where worth = "own"; it is {shown(ratifier["worth"])}'


def _seats_of(ratifier: Document, where: str) -> Iterable[str]:
    kind, chambers = ratifier["kind"], ratifier.get("chamber", [])
    seats = ratifier.get("seats")
    if kind == "referendum":
        if seats is not None or chambers:
            yield f'{where}.kind = "referendum": has very many voters; take out seats and chambers'
        if ratifier.get("spread", 0) == 0 and ratifier.get("mood_sd", 0) == 0:
            yield f"{where}.spread = 0: voters who all feel alike vote as one; must be above 0"
    elif bool(chambers) == (seats is not None):
        yield f"{where}: say how many seats it has, either seats or those of each chamber"
    if chambers and kind == "board":
        yield f'{where}.kind = "board": has no chambers; say its seats'
    names = Counter(chamber["name"] for chamber in chambers)
    for name, times in names.items():
        if times > 1:
            yield f'{where}.chamber: the name "{name}" is used {times} times; each must be its own'
    spatial = ratifier["worth"] == "position"
    if spatial and (kind != "legislature" or not ratifier.get("position")):
        yield f'{where}.worth = "position": is for a legislature, and needs {where}.position, by issue'
    for body in chambers or [ratifier]:
        ideal = body.get("ideal_points")
        its = f"{where}.chamber.{body['name']}" if chambers else where
        if spatial and ideal is None:
            yield f"{its}.ideal_points: is missing; say where each of the {body['seats']} members stands"
        elif ideal is not None and not spatial:
            yield f'{its}.ideal_points: are read where worth = "position"'
        elif ideal is not None and len(expand(ideal)) != body["seats"]:
            yield f"{its}.ideal_points: has {len(expand(ideal))} for {body['seats']} seats; give one for each"
