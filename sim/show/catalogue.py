"""What there is, and what each thing means: behind `bargain list` and `bargain describe`."""

import inspect
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from pydantic.fields import FieldInfo

from sim.cases.loading import load_scenario, shipped_scenarios
from sim.cases.schema import TwoLevelGame, value_of
from sim.experiments.design.shipped import experiment_files, find_experiment
from sim.experiments.running.estimate import check_file
from sim.inputs.documents import read_toml
from sim.inputs.parameter import bounds, choices, parameters
from sim.inputs.problems import InputError, nearest
from sim.negotiators import acceptance, tactics
from sim.negotiators import bidding as selection
from sim.preferences import aggregation
from sim.show.figures.sources import FIGURES

RULES: dict[str, ModuleType] = {
    "governor.tactic": tactics,
    "coalition.tactic": tactics,
    "talks.selection": selection,
    "talks.acceptance": acceptance,
    "coalition.aggregation": aggregation,
}
BASE, FULL = "sebac-2011", "connecticut-2011"


def listing(what: str) -> Iterable[str]:
    """A line for each scenario, experiment, tournament, tactic, figure or parameter.

    Raises:
        InputError: when there is no such list.

    """
    lists = {
        "scenarios": _scenarios,
        "experiments": _experiments,
        "tournaments": _tournaments,
        "tactics": _tactics,
        "figures": _figures,
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
    for name, field in parameters(TwoLevelGame).items():
        about = field.json_schema_extra["parameter"]
        plausible = about["plausible"]
        rows.append(
            [
                f"`{name}`",
                about["symbol"],
                field.description,
                about["unit"],
                bounds(field),
                "" if plausible is None else f"{plausible[0]:g} to {plausible[1]:g}",
                *(str(value_of(case, name)) for case in cases),
                about["source"],
            ]
        )
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)


def description(name: str) -> str:
    """What a parameter, table, scenario, experiment, tactic or figure is.

    Raises:
        InputError: when nothing is called that.

    """
    known = parameters(TwoLevelGame)
    tables = sorted({key.split(".")[0] for key in known})
    rules = [(rule, module) for _, rule, module in _rules() if rule == name]
    if name in known:
        return _parameter(name, known[name])
    if name in tables:
        mine = {key: field for key, field in known.items() if key.startswith(f"{name}.")}
        return "\n\n".join(_parameter(key, field) for key, field in mine.items())
    if rules:
        return "\n\n".join(
            f"{name} ({_where(name, module)})\n{inspect.getdoc(getattr(module, name))}"
            for _, module in dict.fromkeys(rules)
        )
    if name in FIGURES:
        drawing = FIGURES[name].drawing
        return f"{name} ({drawing.__module__})\n{inspect.getdoc(drawing)}"
    if name in shipped_scenarios() or name.endswith(".toml"):
        return _file(name)
    try:
        return _file(str(find_experiment(name)))
    except InputError:
        everything = [
            *known,
            *tables,
            *(rule for _, rule, _ in _rules()),
            *FIGURES,
            *shipped_scenarios(),
            *_experiment_files(),
        ]
        raise InputError(
            [
                f'nothing is called "{name}"{nearest(name, everything)}: see `bargain list scenarios`, '
                "`experiments`, `tactics`, `figures` or `parameters`"
            ]
        ) from None


def _scenarios() -> Iterable[str]:
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        yield f"{name:<16} {scenario.title} [{scenario.source}]"


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
        yield f"{rule:<20} {_where(rule, module)}: {_first_line(getattr(module, rule))}"


def _figures() -> Iterable[str]:
    for name, source in FIGURES.items():
        yield f"{name:<20} {source.shows}"


def _parameters() -> Iterable[str]:
    fields = parameters(TwoLevelGame)
    first = [key for key, field in fields.items() if _about(field).get("start_here")]
    yield "start here:"
    yield from (f"  {_short(key, fields[key])}" for key in first)
    yield "all others:"
    yield from (f"  {_short(key, field)}" for key, field in fields.items() if key not in first)


def _rules() -> list[tuple[str, str, ModuleType]]:
    known = parameters(TwoLevelGame)
    return [(key, rule, module) for key, module in RULES.items() for rule in choices(known[key])]


def _where(rule: str, module: ModuleType) -> str:
    return " and ".join(key for key, name, of in _rules() if (name, of) == (rule, module))


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def _about(field: FieldInfo) -> dict:
    extra = field.json_schema_extra
    return extra["parameter"] if isinstance(extra, dict) else {}


def _short(key: str, field: FieldInfo) -> str:
    return f"{key:<42} {field.description}"


def _parameter(key: str, field: FieldInfo) -> str:
    about = _about(field)
    base = value_of(load_scenario(BASE), key)
    lines = [key, f"  {field.description}", f"  allowed     {bounds(field)}"]
    lines.append(f"  in {BASE}  {str(base).lower() if isinstance(base, bool) else base}")
    if about.get("unit", "none") != "none":
        lines.append(f"  unit        {about['unit']}")
    if about.get("plausible"):
        low, high = about["plausible"]
        lines.append(f"  plausible   {low:g} to {high:g}")
    if about.get("symbol"):
        lines.append(f"  symbol      {about['symbol']}")
    if about.get("source"):
        lines.append(f"  source      {about['source']}")
    if key in RULES:
        module = RULES[key]
        rules = [f"    {rule}: {_first_line(getattr(module, rule))}" for rule in choices(field)]
        lines += ["  rules", *rules]
    return "\n".join(lines)


def _file(name: str) -> str:
    """A scenario or experiment: its own words, then what it holds."""
    if name in shipped_scenarios():
        words = load_scenario(name).model_dump(include={"title", "description", "source"})
    else:
        document = read_toml(Path(name))
        words = {
            k: document[k] for k in ("title", "question", "description", "source") if k in document
        }
    held = check_file(name)
    return "\n".join([*map(str, words.values()), held])
