# The project's own tests, lint and format. What each test group is: tools/testall.py --list.

.PHONY: test test-tools

test: ## all of the project's tests; G=lint,docs runs only these groups (tools/testall.py --list)
	@$(PYTHON) tools/testall.py --only '$(G)'

# Where a group leaves its JUnit files when `make test` runs it.
junit = $(if $(JUNIT_DIR),--junitxml=$(JUNIT_DIR)/$(1).xml)

test-tools: ## the tools' own tests
	@$(PYTHON) -m pytest -q -p no:cacheprovider $(call junit,tools) tools/tests $(wildcard tools/labkit/tests tools/toy/tests)
