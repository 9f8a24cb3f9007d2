# Start with make quickstart or make test. Both first install missing dependencies.

SWIFT ?= swift
LATHE ?= .build/release/lathe
IMPORTS := --explicit-target-dependency-import-check error
TEST_FLAGS := -c release --scratch-path .build-test --disable-xctest $(IMPORTS)
PYTHON := .venv-interop/bin/python

.PHONY: quickstart build test check-readme bench test-interop setup schema docs lint clean

# A container has the command and no source: nothing to build there.
quickstart: $(if $(wildcard Package.swift),build)
	$(LATHE) run experiments/quickstart-lstm.yaml
	$(LATHE) run experiments/quickstart-transformer.yaml
	@echo
	$(LATHE) compare quickstart-lstm/last quickstart-transformer/last
	@echo
	$(LATHE) sweep run experiments/sweeps/quickstart.yaml
	$(LATHE) compare quickstart
	$(LATHE) report quickstart -o results/report.html
	@echo "Open results/report.html in a browser. Run folders, with curves in plots/ and text in samples/:"
	@ls -d results/quickstart*/2*

build: setup
	$(SWIFT) build -c release --product lathe $(IMPORTS)

# All tests that need no network.
test: setup
	$(SWIFT) test $(TEST_FLAGS)

# Runs README's commands and compares what they print with what it shows.
check-readme: build
	scripts/check-readme $(LATHE)

# Tests against real tools: packages from PyPI, and Chromium.
test-interop: $(PYTHON)
	@scripts/setup chromium
	scripts/own-command
	LATHE_INTEROP_PYTHON=$(CURDIR)/$(PYTHON) $(SWIFT) test $(TEST_FLAGS) --filter Interop

$(PYTHON): Tests/interop-requirements.txt
	@python3 -c "import ensurepip, venv" 2>/dev/null || scripts/setup python3-venv
	python3 -m venv .venv-interop
	.venv-interop/bin/pip install --quiet --disable-pip-version-check -r Tests/interop-requirements.txt
	touch $(PYTHON)

# Installs missing Debian packages.
setup:
	@scripts/setup

# Times the specs in Benchmarks/, and PyTorch on the same shapes if LATHE_BENCH_PYTHON or python3 has torch. Slow.
bench: build
	scripts/bench

# The schemas that editors find through the first line of each experiment and sweep.
schema: build
	$(LATHE) schema > lathe.schema.json
	$(LATHE) schema --sweep > lathe-sweep.schema.json

# The reference of every key.
docs: build
	$(LATHE) schema --markdown > docs/spec.md
	$(LATHE) schema --sweep --markdown > docs/sweeps.md

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Plugins Tests Examples

clean:
	rm -rf .build .build-test .venv-interop
