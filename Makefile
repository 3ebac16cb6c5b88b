# `make run` needs nothing but Python 3.11 or later. PYTHON=… names another interpreter, PORT=… another port.
SHELL := /bin/sh
VENV := .venv
PEERS := .venv-peers
TOOLS := .venv-tools
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
PYTHON ?=
ARGS ?=

.PHONY: help setup run test thorough lint bench bench-peers walk edits simulate crash-points chaos chaos-controls \
	lock audit sbom pictures clean

help:
	@echo "make run     install, set up and start everything; prints the address and the sign-ins"
	@echo "make setup   only install"
	@echo "make test    run all tests (ARGS='tests/spec -k name' for some)"
	@echo "make thorough        the same, and of what goes on for ever not a sample but the whole; some 40 minutes"
	@echo "make lint    check style"
	@echo "make bench   measure"
	@echo "make bench-peers     the composer beside Wagtail's editor, 200 steps each (installs Wagtail)"
	@echo "make walk    ask every address as everybody, with many more odd values than make test"
	@echo "make edits   edit journeys 100,000 times by chance and look that nothing is lost"
	@echo "make simulate        a million simulated lives of a submission (ARGS=20000 for fewer)"
	@echo "make crash-points    a process that dies at each point of its way, with everything a tenant can do"
	@echo "make chaos           a thousand submissions through the whole product while everything is killed"
	@echo "make chaos-controls  the same without each of the safeguards: each has to be noticed"
	@echo "make lock    write the requirements.lock files anew after a requirement was changed (ARGS=--upgrade for newer ones)"
	@echo "make audit   look whether a requirement has a known hole (fails, and says so, where nobody can be asked)"
	@echo "make sbom    write the list of all that is shipped to sbom.json (CycloneDX)"
	@echo "make pictures        take the pictures that README shows anew, from the demo (needs chromium)"
	@echo "make clean   remove what was installed and built; the data stays"

setup: $(VENV)/.installed

run: setup
	@if [ ! -e .env ] && [ -z "$${DEMO+set}$$SECRET_KEY$$ALLOWED_HOSTS$$ENCRYPTION_KEYS" ]; then \
		printf '# Made by the first make run: demo people, practice tenant, this machine only.\nDEMO=1\n' > .env; fi
	@exec $(PY) manage.py serve --with-parent

test: $(VENV)/.installed-dev
	@exec $(PY) -m tests.run $(ARGS)

thorough: $(VENV)/.installed-dev
	@THOROUGH=1 exec $(PY) -m tests.run $(ARGS)

lint: $(VENV)/.installed-dev
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@$(VENV)/bin/djangofmt --check templates && $(VENV)/bin/oxfmt --check static/js static/css
	@$(VENV)/bin/lint-imports

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
	@CRASH_POINTS=all $(PY) -m pytest -n 2 -rP tests/delivery/test_crash_points.py $(ARGS)

chaos: $(VENV)/.installed-dev
	@$(PY) -m tests.chaos.run $(ARGS)
	@$(PY) -m tests.chaos.run --database postgresql $(ARGS)
	@$(PY) -m tests.chaos.run --freeze --submissions 200 $(ARGS)

chaos-controls: $(VENV)/.installed-dev
	@exec $(PY) -m tests.chaos.controls $(ARGS)

# The lock files hold for every Python from 3.11 and every platform: markers say what is for which.
LOCK = $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS)

lock: $(TOOLS)/.installed
	@$(LOCK) requirements.txt --output-file requirements.lock
	@$(LOCK) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
	@$(LOCK) requirements-tools.txt --output-file requirements-tools.lock
	@wc -l requirements*.lock

audit: $(TOOLS)/.installed
	@$(TOOLS)/bin/python -m tests.known_holes $(ARGS)

sbom: $(TOOLS)/.installed
	@$(TOOLS)/bin/python -m tests.sbom

pictures: $(VENV)/.installed-dev
	@exec $(PY) -m tests.pictures

clean:
	rm -rf $(VENV) $(PEERS) $(TOOLS) sbom.json staticfiles .pytest_cache .ruff_cache .hypothesis

$(PY):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if command -v $$python >/dev/null && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			found=$$python; break; fi; done; \
	if [ -z "$$found" ]; then echo "make: Python 3.11 or later is missing; install it, or name it with PYTHON=…" >&2; exit 1; fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "make: $$found has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; fi; \
	$$found -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(PY)
	@echo "Installing the requirements."
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@$(PY) -m compileall -q composer journeys
	@touch $@

$(VENV)/.installed-dev: requirements.lock requirements-dev.lock | $(PY)
	@echo "Installing the requirements of the tests."
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@$(PY) -m compileall -q composer journeys
	@touch $(VENV)/.installed $@

$(TOOLS)/.installed: requirements-tools.lock | $(PY)
	@echo "Installing the tools of lock, audit and sbom, in $(TOOLS)."
	@$(PY) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check --no-input install -qq --require-hashes -r $<
	@touch $@

$(PEERS)/.installed: tests/bench/peers/requirements.txt | $(PY)
	@echo "Installing Wagtail, in $(PEERS)."
	@$(PY) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --no-input install -qq -r $<
	@touch $@
