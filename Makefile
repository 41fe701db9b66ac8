# Every target sets up what it needs: Python 3.11 and make are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(shell command -v uv 2>/dev/null)

.PHONY: setup demo test test-faults check dev lock bench bench-quick bench-intake

# Compiled once here: without it, each command would compile a thousand modules before it begins (5 s of 9).
setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
ifdef UV
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
endif
	touch $@

demo: setup
	$(BIN)/ketenzicht demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# Refreshes that die at every crash point, are killed, find the disk full: at most 25 minutes. KILLS=100: the long run.
KILLS ?= 20
test-faults: setup
	KILLS=$(KILLS) $(BIN)/python -m pytest -n 3 --dist loadfile -m slow tests/faults

dev: setup
	$(BIN)/ketenzicht init
	$(BIN)/ketenzicht dev

# Dagster and dbt write below a home; the checks use one that is thrown away.
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests
	$(BIN)/sqlfluff lint --config dbt_project/.sqlfluff queries
	home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT \
		&& export KETENZICHT_HOME="$$home" KETENZICHT_KEY_FILE="$$home/key" DAGSTER_HOME="$$home/dagster" \
		&& $(BIN)/ketenzicht init && $(BIN)/dagster definitions validate -w workspace.yaml
	$(BIN)/python -m tests.readme_blocks

# Beside a hand-written floor, pandas, Polars, PostgreSQL and pm4py: hours. The page is made from what it measures.
bench: setup
	$(BIN)/ketenzicht bench --out docs/performance.json
	$(BIN)/python -m analytics.benchmark.page docs/performance.json

# 100,000 cases; ends with 1 above a bound.
bench-quick: setup
	$(BIN)/ketenzicht bench --quick --out bench-quick.json

# Many deliveries against one with the same rows; a benchmark, not a test.
bench-intake: setup
	$(BIN)/python -m tests.bench_intake

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-strip-extras \
		--generate-hashes --no-emit-index-url --quiet -o requirements.lock
