# The one menu of commands. Each works in an environment with `pip install -e ".[dev]"`; `make ci` needs nothing but Python.

.DEFAULT_GOAL := help
.PHONY: help test lint format types layers rules tables docs wheel bench ci

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

test:  ## the tests
	python -m pytest -n auto

lint:  ## style, and that every file is formatted
	ruff check .
	ruff format --check .

format:  ## format and mend what can be mended
	ruff check --fix .
	ruff format .

types:  ## mypy, strict
	mypy

layers:  ## modules import only downwards
	lint-imports

rules:  ## lint the shipped rules and run the tests inside them
	scrubber rules lint --strict core medicare medicaid commercial-sample
	scrubber rules test --strict core medicare medicaid commercial-sample

tables:  ## check the shipped code tables against their manifest and anchors
	scrubber tables verify

docs:  ## build the documentation, links checked
	mkdocs build --strict

wheel:  ## the wheel in an environment of its own, with the example of a billing service
	.ci/wheel python

bench:  ## the benchmarks
	@for script in benchmarks/bench_*.py; do python "$$script" || exit 1; done

ci:  ## everything above but bench, in a fresh environment
	.ci/run
