# Two commands: `make demo` and `make test`. Both set up everything that they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
RUN := source $(VENV)/bin/activate &&
EXECUTORS := $(VENV)/cluster-plugins

.PHONY: demo test setup cluster cluster-plugins dependencies schema durations lint clean

## Run the whole workflow on the storybook and print the table of scores.
demo: $(READY)
	@$(RUN) crosscap check && crosscap recover && dvc repro && crosscap table

## Check style and types, then run every test.
test: $(READY) cluster-plugins
	$(RUN) ruff check . && ruff format --check . && mypy && pytest -n 2 --dist loadgroup

setup: $(READY)

# uv installs in one minute what takes pip eight; --no-deps because constraints.txt is complete and benepar's extras are not needed.
$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("crosscap needs Python 3.11 or newer, found %d.%d; try make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check uv==0.13.8
	$(RUN) uv pip install --quiet --no-deps -r constraints.txt
	$(RUN) uv pip install --quiet --no-deps --no-build-isolation -e .
	$(RUN) uv pip check
	@touch $@

## Add Snakemake's executors for Slurm, Kubernetes and other queues (docs/cluster.md). Not part of the set-up: Snakemake
## imports every executor that it finds, and starts seconds later for it.
cluster: $(READY)
	$(RUN) uv pip install --quiet --no-deps -r constraints-cluster.txt && uv pip check
	$(RUN) echo "$(CURDIR)/workflow/executors" > "$$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/crosscap_executors.pth"

# The same beside the environment, for the tests.
cluster-plugins: $(EXECUTORS)/.ready
$(EXECUTORS)/.ready: $(READY) constraints-cluster.txt
	@rm -rf $(EXECUTORS)
	$(RUN) uv pip install --quiet --no-deps --target $(EXECUTORS) -r constraints-cluster.txt
	@touch $@

## Rewrite the code under every stage's deps in dvc.yaml.
dependencies: $(READY)
	$(RUN) python -m workflow.code_dependencies --write

## Rewrite the JSON schema of params.yaml that editors read.
schema: $(READY)
	$(RUN) crosscap schema > params.schema.json

## Record how long the stages took in the last run; the report draws the DAG with these times.
durations: $(READY)
	$(RUN) python -m workflow.durations && dvc repro write_report

lint: $(READY)
	$(RUN) ruff check --fix . && ruff format . && mypy

## Remove what the workflow made; the virtual environment and DVC's cache stay.
clean:
	rm -rf data models work reports/index.html .snakemake
