"""The JSON Schema that editors read: it is what the code makes, and agrees with the program."""

import json
import tomllib

import pytest

from sim.cases.json_schema import json_schema, json_schema_text, shipped_json_schema
from sim.cases.loading import load_scenario, read_layers, shipped_bases, shipped_scenarios
from sim.inputs.parameter import bounds, parameters
from sim.show.starter import kinds, starter

jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft7Validator(json_schema())


def test_what_ships_is_what_the_code_makes():
    """If not: `python -m sim.cases.json_schema` writes it anew."""
    assert shipped_json_schema() == json_schema_text()


def test_it_is_a_schema():
    jsonschema.Draft7Validator.check_schema(json.loads(json_schema_text()))


@pytest.mark.parametrize("name", [*shipped_bases(), *shipped_scenarios()])
def test_every_file_that_ships_fits(validator, name):
    assert not list(validator.iter_errors(tomllib.loads(read_layers(name)[-1].text)))


@pytest.mark.parametrize("like", kinds())
def test_every_starter_fits(validator, like):
    assert not list(validator.iter_errors(tomllib.loads(starter("mine", like))))


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"threat": {"layofs": 3}}, "threat"),
        ({"threat": {"bumping": -1}}, "threat/bumping"),
        ({"talks": {"selection": "best"}}, "talks/selection"),
        ({"isue": []}, ""),
        ({"issue": [{"title": "nameless"}]}, "issue/0"),
        ({"utility": "dollars"}, "utility"),
    ],
)
def test_what_is_wrong_is_found_at_its_place(validator, document, place):
    (error,) = validator.iter_errors(document)
    assert "/".join(map(str, error.absolute_path)) == place


def test_every_parameter_says_its_unit_and_bounds():
    schema = json_schema()
    for name, field in parameters(type(load_scenario("sebac-2011"))).items():
        table, key = name.split(".")
        at = schema["properties"][table]["$ref"].rsplit("/", 1)[-1]
        said = schema["definitions"][at]["properties"][key]["description"]
        assert field.description in said
        assert bounds(field) in said
