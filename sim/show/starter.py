"""What `bargain new` writes: a scenario file to begin with, with a comment beside every value.

Of a base it is a whole case, all of it invented; of a scenario with a ballot a file that extends it, with
what one looks at first to be uncommented; of a textbook game a copy, whose points are to be changed.
"""

import re
from collections.abc import Iterator

from sim.cases.json_schema import FILE
from sim.cases.loading import load_scenario, read_layers, shipped_bases, shipped_scenarios
from sim.cases.schema import Scenario, ScenarioName, parameters_of, value_of
from sim.inputs.documents import checked, read_bytes, shipped, text_of
from sim.inputs.parameter import Section, about, bounds
from sim.inputs.problems import InputError, nearest, shown


class _Called(Section):
    """What a scenario may be called."""

    name: ScenarioName


def kinds() -> list[str]:
    """What a new scenario may be like: a base that ships, or a scenario."""
    return [*shipped_bases(), *shipped_scenarios()]


def starter(name: str, like: str) -> str:
    """The text of a scenario file to begin with, which is good as it stands.

    Args:
        name: what the scenario is to be called.
        like: a base or a scenario that ships.

    Raises:
        InputError: when no scenario can have that name, or none is called what it is to be like.
    """
    if like not in kinds():
        raise InputError(
            f"--like {like}: there is none called that{nearest(like, kinds())}: name one of "
            f"{', '.join(kinds())}"
        )
    checked(_Called, {"name": name}, name)
    head = f"#:schema ./{FILE}\n# Written by `bargain new {name} --like {like}`. "
    if like in shipped_bases():
        text = text_of(read_bytes(shipped("sim.cases.starters")[like]))
        told = "All values are invented: put in those of your case, each with its source.\n"
        return (
            head
            + told
            + f"# `bargain check {name}.toml` says what it comes to.\n\n"
            + _named(text, name)
        )
    scenario = load_scenario(like)
    if scenario.has_ballot:
        return head + "\n".join(_extending(scenario, name)) + "\n"
    told = f"A copy of {like}: change its issues and points.\n"
    return head + told + _named(read_layers(like)[-1].text, name)


def _named(text: str, name: str) -> str:
    """A text with another name of the scenario."""
    return re.sub(r'^name = "[^"]*"', f'name = "{name}"', text, count=1, flags=re.MULTILINE)


def _extending(scenario: Scenario, name: str) -> Iterator[str]:
    """A file that extends a scenario, with the values that one looks at first, as they are there."""
    yield f"It is {scenario.name} until you change it: take the # from a line"
    yield "# and state your value with its source. `bargain list parameters` lists the rest."
    yield ""
    yield f'extends = "{scenario.name}"'
    yield ""
    yield f'name = "{name}"'
    yield f'title = "{scenario.title}, changed"'
    yield 'source = "say here where your values come from"'
    table = ""
    for key, field in parameters_of(scenario).items():
        if not about(field)["start_here"]:
            continue
        of_table, own = key.split(".")
        if of_table != table:
            yield ""
            yield f"[{of_table}]"
            table = of_table
        unit = about(field)["unit"]
        yield f"# {field.description}{'' if unit == 'none' else f' ({unit})'}; {bounds(field)}"
        yield f"# {own} = {shown(value_of(scenario, key))}"
