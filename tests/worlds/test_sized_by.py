"""Points alike in some numbers are counted as one: no other number changes their size or their bounds."""

import pytest

from sim.cases.loading import load_scenario, with_values
from sim.cases.schema import Scenario, parameters_of, value_of
from sim.inputs.parameter import ends
from sim.inputs.problems import InputError
from sim.play.measures import BOUNDED_BY, measures_of, possible
from sim.worlds.size import SIZED_BY, disk_of, memory_of, row_of, seconds_of

CASES = ("sebac-2011", "connecticut-2011", "split-the-pie", "strike", "treaty")


def numbers(scenario: Scenario) -> dict[str, list[Scenario]]:
    """The scenario with other values of each of its numbers, as far as the rest allows them."""
    found: dict[str, list[Scenario]] = {}
    for name, field in parameters_of(scenario).items():
        if field.annotation not in (int, float) or name.count(".") > 1:
            continue
        value = value_of(scenario, name)
        low, high = ends(field)
        for other in (max(low, min(high, value * 2 + 1)), max(low, 0), min(high, 1)):
            try:
                number = int(other) if field.annotation is int else float(other)
                found.setdefault(name, []).append(with_values(scenario, {name: number}))
            except InputError:  # some go only with others
                continue
    return found


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_listed_changes_neither_size_nor_bounds(case):
    base = load_scenario(case)
    sizes = {of: of(base, 100) for of in (memory_of, seconds_of, disk_of)} | {row_of: row_of(base)}
    bounds = {name: possible(name, base) for name in measures_of(base)}
    for name, others in numbers(base).items():
        for other in others:
            if name not in SIZED_BY:
                for of, size in sizes.items():
                    found = of(other) if of is row_of else of(other, 100)
                    assert found == size, (name, of.__name__)
            if name not in BOUNDED_BY:
                for measure, of_base in bounds.items():
                    assert possible(measure, other) == of_base, (name, measure)
