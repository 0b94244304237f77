# One command, one list of gates. `make help` prints the lines that carry ##.

PREFIX  ?= /usr/local
SCRATCH ?= .build
SWIFT    = swift
# Which of the tests with real agent programs to run.
AGENTS  ?= Agent programs
# Tests at once: most start programs, and all of them at the same time would run into their time limits.
AT_ONCE ?= 10
# Tests that count what happens while time passes: beside others, more would happen.
ALONE    = The line on GitHub
OPTIONS  = --scratch-path $(SCRATCH)
RELEASE  = $(OPTIONS) -c release
FACTORY  = $(SCRATCH)/release/factory

# Python would leave its compiled files beside the sources.
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help deps build run test test-python test-swift check bench docs install demo self test-agents torture crowd mutants

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'

deps: ## Install the packages that the build needs and this machine lacks
	@tools/deps.sh

build: deps ## Build the program, optimised
	$(SWIFT) build $(RELEASE) --product factory-fence
	$(SWIFT) build $(RELEASE) --product factory-http
	$(SWIFT) build $(RELEASE) --product factory

run: build ## Run the program: make run ARGS="status --json"
	@$(FACTORY) $(ARGS)

test: deps test-python test-swift ## Run all tests

test-python:
	python3 -m unittest discover -q -s Tests/tools -t Tests/tools
	python3 -m unittest discover -q -s Tests/github -t Tests/github
	cd Examples/ledger && python3 -m unittest -q

test-swift:
	$(SWIFT) build $(OPTIONS) --build-tests
	FACTORY_ROUGH=1 $(SWIFT) test $(OPTIONS) --skip-build --filter 'a fork bomb ends'
	$(SWIFT) test $(OPTIONS) --skip-build --filter '$(ALONE)'
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(AT_ONCE) $(SWIFT) test $(OPTIONS) --skip-build --skip '$(ALONE)'

check: deps ## Run every gate: format, our own rules, declared imports, warnings as errors, all tests
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	python3 tools/rules.py
	$(SWIFT) build $(OPTIONS) --build-tests --explicit-target-dependency-import-check error
	$(MAKE) test

demo: build ## Take four specs through the line with a scripted agent, no model and no network
	@Examples/demo.sh $(FACTORY)

self: build ## Take a spec of this project through the line, with its own Swift tests as the check (slow)
	@Examples/self.sh $(FACTORY)

test-agents: deps ## Install agent programs into .build/agents, and take a spec through the line with each
	tools/agents.sh $(SCRATCH)/agents
	FACTORY_TEST_AGENTS="$$(cd $(SCRATCH)/agents && pwd)" $(SWIFT) test $(OPTIONS) --filter '$(AGENTS)'

mutants: deps ## Take the guards of landing away, one after the other, and look whether the tests notice (slow)
	python3 tools/mutants.py $(ARGS)

torture: deps ## Kill the line at every durable effect, and look whether it goes on
	FACTORY_TORTURE=1 $(SWIFT) test $(OPTIONS) --filter Torture

crowd: deps ## Take 200 specs through the line at once, with conflicts, red and flaky checks (slow)
	FACTORY_CROWD=200 $(SWIFT) test $(OPTIONS) --filter Crowd

bench: build ## Measure the line beside the bare git work of a spec: make bench ARGS="--help"
	python3 bench/bench.py --factory $(FACTORY) $(ARGS)

docs: deps ## Build the reference of the code as a site in .build/docs
	$(SWIFT) package $(OPTIONS) dump-symbol-graph --minimum-access-level package
	docc convert --fallback-display-name Factory --fallback-bundle-identifier factory \
		--additional-symbol-graph-dir "$$(dirname "$$($(SWIFT) build $(OPTIONS) --show-bin-path)")/symbolgraph" \
		--output-path $(SCRATCH)/docs

install: build ## Install the program into PREFIX, /usr/local unless said otherwise
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(FACTORY) $(FACTORY)-fence $(FACTORY)-http "$(DESTDIR)$(PREFIX)/bin"
