# make app, make test, make quick, make lint: each sets up .venv by itself, and again when the requirements change.
# make app ARGS="--port 8000"    make test ARGS="tests/theory -q"    make app PYTHON=python3.12
# TORCH=auto takes PyTorch's CPU wheels (200 MB instead of 6 GB) on Linux without an NVIDIA GPU where their index
# answers; TORCH=cpu always, TORCH=cuda and TORCH=pypi never: PyPI's wheels for Linux hold the GPU libraries.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
VENV ?= .venv
ARGS ?=
TORCH ?= auto
CPU_WHEELS := https://download.pytorch.org/whl/cpu
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check

# Two processes; who takes which files is in tests/conftest.py.
PYTEST = $(VENV)/bin/python -m pytest --numprocesses 2 --no-loadscope-reorder

.PHONY: app test quick lint weights lock

app: $(VENV)/.app
	$(VENV)/bin/python app.py $(ARGS)

# Fine-tunes torchvision's COCO weights on Penn-Fudan and keeps them if they are better: see training/README.md.
weights: $(VENV)/.app
	$(VENV)/bin/python -m training.weights $(ARGS)

test: $(VENV)/.dev
	$(PYTEST) $(ARGS)

# What needs no browser, no training run and no pass of a released network.
quick: $(VENV)/.dev
	$(PYTEST) -m "not browser and not trains and not network" $(ARGS)

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check
	$(VENV)/bin/hadolint Dockerfile
	$(VENV)/bin/mypy
	@if ! command -v npm >/dev/null; then echo "The page's JavaScript was not checked: npm is not installed."; \
	elif ! $(MAKE) --silent node_modules/.package-lock.json; then \
		echo "The page's JavaScript was not checked: npm could not install the checkers."; \
	else npm run --silent lint; fi

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

# The lock files name every package below ours with the hashes of its files; PyTorch's CPU wheels need no GPU packages.
WITH_GPU = $$($(VENV)/bin/python -c 'from importlib.metadata import version; version("torch").endswith("+cpu") or exit(1)' \
	2>/dev/null || echo -r requirements-gpu.lock)

$(VENV)/.app: requirements.lock requirements-gpu.lock $(VENV)/.torch
	$(PIP) install --require-hashes -r requirements.lock $(WITH_GPU)
	@touch $@

# Ray, for the tests of the cluster, is not to be had for every Python and system: they are skipped without it.
$(VENV)/.dev: requirements.lock requirements-gpu.lock requirements-dev.lock requirements-cluster.lock $(VENV)/.torch
	$(PIP) install --require-hashes -r requirements.lock -r requirements-dev.lock $(WITH_GPU)
	$(PIP) install --require-hashes -r requirements.lock -r requirements-cluster.lock $(WITH_GPU) \
		|| echo "Ray could not be installed: the tests of the cluster are skipped."
	@touch $@

# After a change of a list of requirements.
lock: $(VENV)/.dev
	$(PIP) install uv==0.13.9
	$(VENV)/bin/python .ci/lock

$(VENV)/.torch: requirements.txt | $(VENV)/bin/python
	@case "$(TORCH)" in auto|cpu|cuda|pypi) ;; *) echo "TORCH is one of auto, cpu, cuda, pypi, not $(TORCH)"; exit 1;; esac
	@if [ "$(TORCH)" = cpu ] || { [ "$(TORCH)" = auto ] && [ "$$(uname -s)" = Linux ] && ! command -v nvidia-smi >/dev/null \
		&& $(VENV)/bin/python -c "from urllib.request import urlopen; urlopen('$(CPU_WHEELS)/torch/', timeout=5)" 2>/dev/null; }; \
	then $(PIP) install --index-url $(CPU_WHEELS) $$(grep -E '^torch(vision)?==' requirements.txt) \
		|| [ "$(TORCH)" = auto ]; fi
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "PedViz needs Python 3.11 or newer; install it, or name it: make app PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "PedViz needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) --version 2>&1)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu run: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
