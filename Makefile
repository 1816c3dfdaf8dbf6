# README's two commands are `make run` and `make test`; both prepare everything first.
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# What pytest makes of the tests' own assertions is kept for the next run, also where Python was told to keep nothing.
KEPT := PYTHONDONTWRITEBYTECODE=

.PHONY: run setup test test-fast lint format screenshots benchmark benchmark-answers benchmark-retrieval package test-package benchmark-package clean

run: setup
	@$(PY) -m chatbot_app $(ARGS)

setup:
	@.ci/setup

test:
	@.ci/setup --test
# Each worker begins with a half and takes from the other's when it is done: what the tests of a file share is made
# once. One that crashed is not replaced. Three for two cores: many tests wait for a clock, a server or a child.
	$(OFFSCREEN) $(KEPT) $(PYTEST) -n 3 --dist worksteal --max-worker-restart=0 -m "not benchmark and not packaged" $(ARGS)

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

screenshots: setup
	$(OFFSCREEN) $(PY) -m tests.screenshots screenshots

benchmark: setup
	$(OFFSCREEN) $(PY) -m tests.benchmarks

benchmark-answers: setup
	$(OFFSCREEN) $(PY) -m tests.benchmarks.bench_answers $(ARGS)

benchmark-retrieval: setup
	$(PY) tests/benchmarks/bench_retrieval.py $(ARGS)

# A step of its own: .ci/run does not build the executable.
package:
	@.ci/package

test-package:
	$(PYTEST) -m packaged tests/e2e/test_packaged.py $(ARGS)

benchmark-package:
	$(PY) tests/benchmarks/bench_package.py $(ARGS)

clean:
	rm -rf .venv build dist screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis
