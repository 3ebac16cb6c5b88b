# `make run` needs nothing but Python 3.11 or later. PYTHON=… names another interpreter, PORT=… another port.
SHELL := /bin/sh
VENV := .venv
PEERS := .venv-peers
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
PYTHON ?=
ARGS ?=

.PHONY: help setup run test lint bench bench-peers walk edits simulate crash-points chaos chaos-controls clean

help:
	@echo "make run     install, set up and start everything; prints the address and the sign-ins"
	@echo "make setup   only install"
	@echo "make test    run all tests (ARGS='tests/spec -k name' for some)"
	@echo "make lint    check style"
	@echo "make bench   measure"
	@echo "make bench-peers     the composer beside Wagtail's editor, 200 steps each (installs Wagtail)"
	@echo "make walk    ask every address as everybody, with many more odd values than make test"
	@echo "make edits   edit journeys 100,000 times by chance and look that nothing is lost"
	@echo "make simulate        a million simulated lives of a submission (ARGS=20000 for fewer)"
	@echo "make crash-points    a process that dies at each point of its way, with everything a tenant can do"
	@echo "make chaos           a thousand submissions through the whole product while everything is killed"
	@echo "make chaos-controls  the same without each of the safeguards: each has to be noticed"
	@echo "make clean   remove what was installed and built; the data stays"

setup: $(VENV)/.installed

run: setup
	@if [ ! -e .env ] && [ -z "$${DEMO+set}$$SECRET_KEY$$ALLOWED_HOSTS$$ENCRYPTION_KEYS" ]; then \
		printf '# Made by the first make run: demo people, practice tenant, this machine only.\nDEMO=1\n' > .env; fi
	@exec $(PY) manage.py serve --with-parent

test: $(VENV)/.installed-dev
	@exec $(PY) -m tests.run $(ARGS)

lint: $(VENV)/.installed-dev
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

bench: $(VENV)/.installed-dev
	@exec $(PY) -m tests.bench $(ARGS)

bench-peers: $(VENV)/.installed-dev $(PEERS)/.installed
	@exec $(PY) -m tests.bench.peers $(PEERS)/bin/python

simulate: $(VENV)/.installed-dev
	@exec $(PY) -m tests.chaos.simulate $(or $(ARGS),1000000)

walk: $(VENV)/.installed-dev
	@ODD_TRIES=$(or $(TRIES),200) $(PY) -m pytest -n 2 tests/walk $(ARGS)

edits: $(VENV)/.installed-dev
	@exec $(PY) -m tests.edits $(ARGS)

crash-points: $(VENV)/.installed-dev
	@CRASH_POINTS=all $(PY) -m pytest -n 2 -rP tests/submit/test_crash_points.py $(ARGS)

chaos: $(VENV)/.installed-dev
	@$(PY) -m tests.chaos.run $(ARGS)
	@$(PY) -m tests.chaos.run --database postgresql $(ARGS)
	@$(PY) -m tests.chaos.run --freeze --submissions 200 $(ARGS)

chaos-controls: $(VENV)/.installed-dev
	@exec $(PY) -m tests.chaos.controls $(ARGS)

clean:
	rm -rf $(VENV) $(PEERS) staticfiles .pytest_cache .ruff_cache .hypothesis

$(PY):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if command -v $$python >/dev/null && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			found=$$python; break; fi; done; \
	if [ -z "$$found" ]; then echo "make: Python 3.11 or later is missing; install it, or name it with PYTHON=…" >&2; exit 1; fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "make: $$found has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; fi; \
	$$found -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing the requirements."
	@$(PIP) install -qq -r requirements.txt
	@$(PY) -m compileall -q composer journeys
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing the requirements of the tests."
	@$(PIP) install -qq -r requirements-dev.txt
	@$(PY) -m compileall -q composer journeys
	@touch $(VENV)/.installed $@

$(PEERS)/.installed: tests/bench/peers/requirements.txt | $(PY)
	@echo "Installing Wagtail, in $(PEERS)."
	@$(PY) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --no-input install -qq -r $<
	@touch $@
