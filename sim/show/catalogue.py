"""What there is, and what each thing means: behind `bargain list` and `bargain describe`."""

import inspect
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from pydantic.fields import FieldInfo

from sim.cases.loading import (
    load_scenario,
    read_document,
    shipped_bases,
    shipped_scenarios,
    to_be_stated,
)
from sim.cases.schema import Scenario, TextbookGame, TwoLevelGame, value_of
from sim.cases.schema.payoffs import NamedValues, PayoffSettings
from sim.experiments.design.shipped import experiment_files, find_experiment
from sim.experiments.running.estimate import check_file
from sim.inputs.documents import read_toml
from sim.inputs.parameter import about, bounds, choices, parameters, rule_named
from sim.inputs.problems import InputError, nearest
from sim.play.measures import MEASURES
from sim.show.figures.sources import FIGURES

RULES = {  # whose words are functions of a module
    "governor.tactic": "sim.negotiators.tactics",
    "coalition.tactic": "sim.negotiators.tactics",
    "talks.selection": "sim.negotiators.bidding",
    "talks.acceptance": "sim.negotiators.acceptance",
    "coalition.aggregation": "sim.preferences.aggregation",
}
BASE, FULL = "sebac-2011", "connecticut-2011"
TABLES = {"payoffs": PayoffSettings, "values": NamedValues}  # whose keys are no parameters


def listing(what: str) -> Iterable[str]:
    """A line for each scenario, experiment, tournament, tactic, figure, measure or parameter.

    Raises:
        InputError: when there is no such list.

    """
    lists: dict[str, Callable[[], Iterable[str]]] = {
        "scenarios": _scenarios,
        "experiments": _experiments,
        "tournaments": _tournaments,
        "tactics": _tactics,
        "figures": _figures,
        "measures": _measures,
        "parameters": _parameters,
    }
    if what not in lists:
        known = ", ".join(lists)
        raise InputError([f'there is no list of "{what}"{nearest(what, lists)}: ask for {known}'])
    return lists[what]()


def parameter_table() -> str:
    """All parameters as a table in Markdown, with the values of the base case and of the full one."""
    cases = [load_scenario(name) for name in (BASE, FULL)]
    head = [
        "parameter",
        "symbol",
        "meaning",
        "unit",
        "allowed",
        "plausible",
        *(c.name for c in cases),
        "source",
    ]
    rows = [head, ["---"] * len(head)]
    for name, field in _known().items():
        known = about(field)
        values = [str(value_of(case, name)) if _has(case, name) else "" for case in cases]
        words = [known["symbol"], f"{field.description}", known["unit"], bounds(field)]
        rows.append([f"`{name}`", *words, _plausible(field), *values, known["source"]])
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)


def description(name: str) -> str:
    """What a parameter, table, scenario, experiment, tactic or figure is.

    Raises:
        InputError: when nothing is called that.

    """
    known = _known()
    tables = sorted({key.split(".")[0] for key in known})
    rules = [(rule, module) for _, rule, module in _rules() if rule == name]
    if name in known:
        return _parameter(name, known[name])
    if name in tables:
        mine = {key: field for key, field in known.items() if key.startswith(f"{name}.")}
        of_that_name = [_file(name)] if name in shipped_scenarios() else []
        return "\n\n".join([*(_parameter(*each) for each in mine.items()), *of_that_name])
    if name in TABLES:
        return f"{name}\n{inspect.getdoc(TABLES[name])}"
    if rules:
        return "\n\n".join(
            f"{name} ({_where(name, module)})\n{_words(name, module)}"
            for _, module in dict.fromkeys(rules)
        )
    if name in shipped_bases():
        return f"{name}\n{to_be_stated(read_document(name))}"
    if name in FIGURES:
        return f"{name} ({FIGURES[name].home})\n{FIGURES[name].words}"
    if name in shipped_scenarios() or name.endswith(".toml"):
        return _file(name)
    try:
        return _file(str(find_experiment(name)))
    except InputError:
        everything = [
            *known,
            *tables,
            *TABLES,
            *(rule for _, rule, _ in _rules()),
            *FIGURES,
            *shipped_scenarios(),
            *shipped_bases(),
            *_experiment_files(),
        ]
        raise InputError(
            [
                f'nothing is called "{name}"{nearest(name, everything)}: see `bargain list scenarios`, '
                "`experiments`, `tactics`, `figures`, `measures` or `parameters`"
            ]
        ) from None


def _scenarios() -> Iterable[str]:
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        yield f"{name:<16} {scenario.title} [{scenario.source}]"
    for name in shipped_bases():
        yield f"{name:<16} a base to be extended, and no case: it holds no state's values"


def _experiments() -> Iterable[str]:
    for name, path in _experiment_files().items():
        yield f"{name:<24} {read_toml(path).get('question', '')}"


def _experiment_files() -> dict[str, Path]:
    return _files_with("scenario")


def _tournaments() -> Iterable[str]:
    for name, path in _files_with("entrants").items():
        yield f"{name:<24} {read_toml(path).get('question', '')}"


def _files_with(key: str) -> dict[str, Path]:
    """The files under `experiments` that ask a question and have a key."""
    return {
        name: path
        for name, path in experiment_files().items()
        if {key, "question"} <= set(document := read_toml(path))
        and "prior" not in document  # a calibration
    }


def _tactics() -> Iterable[str]:
    for rule, module in dict.fromkeys((rule, module) for _, rule, module in _rules()):
        yield f"{rule:<20} {_where(rule, module)}: {_words(rule, module).splitlines()[0]}"


def _figures() -> Iterable[str]:
    for name, source in FIGURES.items():
        yield f"{name:<20} {source.shows}"


def _measures() -> Iterable[str]:
    for name, measure in MEASURES.items():
        unit = f" [{measure.unit.name}]"
        needs = f"; a scenario needs {measure.needs}" if measure.needs else ""
        yield f"{name:<24} {measure.words}{unit}; in {measure.exists}{needs}"


def _parameters() -> Iterable[str]:
    fields = _known()
    first = [key for key, field in fields.items() if about(field)["start_here"]]
    yield "start here:"
    yield from (f"  {_short(key, fields[key])}" for key in first)
    yield "all others:"
    yield from (f"  {_short(key, field)}" for key, field in fields.items() if key not in first)


def _known() -> dict[str, FieldInfo]:
    """Every parameter of either kind of game."""
    return {**parameters(TwoLevelGame), **parameters(TextbookGame)}


def _has(scenario: Scenario, name: str) -> bool:
    return name in parameters(type(scenario))


def _rules() -> list[tuple[str, str, str]]:
    known = parameters(TwoLevelGame)
    return [(key, rule, module) for key, module in RULES.items() for rule in choices(known[key])]


def _where(rule: str, module: str) -> str:
    return " and ".join(key for key, name, of in _rules() if (name, of) == (rule, module))


def _words(rule: str, module: str) -> str:
    """What a rule says of itself."""
    return inspect.getdoc(rule_named(import_module(module), rule)) or ""


def _plausible(field: FieldInfo) -> str:
    plausible = about(field)["plausible"]
    return "" if plausible is None else f"{plausible[0]:g} to {plausible[1]:g}"


def _short(key: str, field: FieldInfo) -> str:
    return f"{key:<42} {field.description}"


def _parameter(key: str, field: FieldInfo) -> str:
    known, case = about(field), load_scenario(BASE)
    lines = [key, f"  {field.description}", f"  allowed     {bounds(field)}"]
    if _has(case, key):
        base = value_of(case, key)
        lines.append(f"  in {BASE}  {str(base).lower() if isinstance(base, bool) else base}")
    else:
        lines.append('  in          scenarios with utility = "points"')
    further = {
        "unit": known["unit"].replace("none", ""),
        "plausible": _plausible(field),
        "symbol": known["symbol"],
        "source": known["source"],
    }
    lines += [f"  {word:<10}  {text}" for word, text in further.items() if text]
    if module := RULES.get(key):
        rules = [f"    {rule}: {_words(rule, module).splitlines()[0]}" for rule in choices(field)]
        lines += ["  rules", *rules]
    return "\n".join(lines)


def _file(name: str) -> str:
    """A scenario or experiment: its own words, then what it holds, and how long it would take."""
    if name in shipped_scenarios():
        words = load_scenario(name).model_dump(include={"title", "description", "source"})
    else:
        document = read_toml(Path(name))
        words = {
            k: document[k] for k in ("title", "question", "description", "source") if k in document
        }
    held = check_file(name)
    return "\n".join([*map(str, words.values()), held])
