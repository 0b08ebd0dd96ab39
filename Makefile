# make run · make test · make check · make oldest · make docs · make notebooks · make bench · make gambit · make mutants · make attack.
# Each sets up what it needs in a virtual environment first.
# Another Python: make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test check oldest docs notebooks bench gambit mutants attack clean

run: $(VENV)/installed
	$(BIN)/bargain run layoff_threat

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal

# Both tiers: the quick one, and after it what takes longer.
check: $(VENV)/installed-oracles $(VENV)/installed-docs test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/bargain check $$(ls experiments/*.toml experiments/lessons/*.toml experiments/tournaments/*.toml) sebac-2011 mini-ct split-the-pie firm-and-union strike school-district treaty
	$(BIN)/python -m pytest -m slow -n auto --dist worksteal

# The quick tier on the lowest versions that pyproject.toml allows: make oldest PYTHON=python3.11
oldest:
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --constraint constraints-lowest.txt --editable ".[calibrate,cluster,discovery,interop,sensitivity]" beartype hypothesis pytest pytest-xdist
	.venv-oldest/bin/python -m pytest -m "not slow" -n auto --dist worksteal

# Runs all notebooks anew, so that the figures stored in them are of this code.
notebooks: $(VENV)/installed-dev
	$(BIN)/jupyter execute --timeout=300 --inplace notebooks/*.ipynb

# A site in build/docs that needs no network: open build/docs/index.html.
docs: $(VENV)/installed-docs
	$(BIN)/python -m sphinx -W --keep-going -c docs . build/docs

bench: $(VENV)/installed-oracles
	$(BIN)/python benchmarks/bench.py

# A tier of its own, as Gambit compiles for about ten minutes; what it says is kept as data that all tests check against.
gambit:
	$(PYTHON) -m venv .venv-gambit
	.venv-gambit/bin/python -m pip install pygambit==16.7.0 open_spiel==2.0.2
	.venv-gambit/bin/python tests/oracles/make_gambit_data.py
	git diff --exit-code tests/oracles/data/gambit.json

# Flips the rules one token at a time and tells which flips no test notices (see tests/mutants.md); it takes hours.
# A part of them: make mutants ONLY="sim.preferences.member sim.preferences.fiscal"
mutants: $(VENV)/installed-dev
	$(PIP) install --quiet mutmut==3.8.1
	OMP_NUM_THREADS=1 $(BIN)/python tests/mutants.py $(ONLY)

# Kills at system calls, a full disk, files that are not ours, spoiled bytes, sizes, markup: counts by kind, and exit code 1 if
# anything was found (docs/promises.md). About twenty minutes; a part of it: make attack ATTACK="--only kills --kills 20"
attack: $(VENV)/installed-dev
	$(BIN)/python tests/attack/campaign.py $(ATTACK)

clean:
	rm -rf $(VENV) .venv-gambit .venv-oldest mutants build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "Python 3.11 or newer is needed; name one: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

$(VENV)/installed-oracles: $(VENV)/installed-dev
	$(PIP) install --quiet --constraint constraints.txt --editable ".[oracles]"
	touch $@

$(VENV)/installed-docs: $(VENV)/installed-dev
	$(PIP) install --quiet --constraint constraints.txt --editable ".[docs]"
	touch $@
