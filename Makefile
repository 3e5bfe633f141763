# The only commands a newcomer needs: make run · make test · make bench · make lint.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin

.PHONY: run test bench lint messages

run: .venv/run.stamp
	@$(BIN)/flask prepare --address "http://$(HOST):$(PORT)"
	@exec $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) --blocking-threads 8 \
	  --backlog 4096 --log-level warning --respawn-failed-workers wsgi:app

test: .venv/dev.stamp
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -rs $(ARGS)

bench: .venv/run.stamp
	@$(BIN)/python -m bench.run

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint elearn --lint --quiet

messages: .venv/dev.stamp
	@$(BIN)/python -m tests.house.messages

# A virtual environment needs Debian's python3-venv; where it is missing and may be installed, it is.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (PYTHON=…)."; exit 1; }
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; fi; \
	  $(PYTHON) -m venv .venv; } || { rm -rf .venv; echo "Cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing packages (about a minute, only this once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run.stamp
