# The project's own tests, lint and format. What each test group is: tools/testall.py --list.

.PHONY: test test-build lint lint-report format check-locks

test: ## all of the project's tests; G=lint,docs runs only these groups (tools/testall.py --list); AGAIN=1 what is not green yet
	@$(PYTHON) tools/testall.py --only '$(G)' $(if $(filter 1,$(AGAIN)),--again)

# Where a group leaves its JUnit files when `make test` runs it.
junit = $(if $(JUNIT_DIR),--junitxml=$(JUNIT_DIR)/$(1).xml)

# The debug build is the one that is graded afterwards; programs are the same in both modes. The release kernel, with
# the same warnings on, is in a folder where nothing was ever built without WERROR.
test-build: ## build everything in both modes, warnings as errors
	$(Q)$(MAKE) --no-print-directory WERROR=1 MODE=debug all
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/warnings WERROR=1 MODE=release kernel
	@echo '2 passed, 0 failed, 0 skipped'

# A hand-out does not hold the tests of the tools that graded it.
ifneq ($(wildcard grading/tests),)
# Two files of tests at a time where pytest-xdist is installed. What both build in this tree is built before them.
test_lanes = $(shell $(PYTHON) -c 'import xdist' 2>/dev/null && printf '%s' '-p xdist -n 2 --dist loadfile')

.PHONY: test-grading
test-grading: ## the grader's own tests
	$(Q)$(foreach a,$(ARCHES),$(MAKE) --no-print-directory ARCH=$a kernel user-tests user-bin &&) true
	@$(PYTHON) -m pytest -q -p no:cacheprovider $(test_lanes) $(call junit,grading) grading/tests
endif

ifneq ($(wildcard tools/tests),)
.PHONY: test-tools
test-tools: ## the tools' own tests
	@$(PYTHON) -m pytest -q -p no:cacheprovider $(call junit,tools) \
	  $(addprefix --ignore=,$(wildcard tools/tests/test_gdb*.py) $(REWARD_TESTS)) tools/tests
endif

lint: ## the rules that a program can check (tools/lint.py --list)
	@$(PYTHON) tools/lint.py

lint-report: ## sizes: what is larger than aimed at, lines of the kernel, comments
	@$(PYTHON) tools/lint.py --report

format: ## lay the C++ out as clang-format does
	@$(PYTHON) tools/lint.py --format

# Editors and clangd read it; so does check-locks. Made anew each time: what files there are is no part of a makefile.
.PHONY: compile_commands.json $(BUILD)/$(ARCH)/compile_commands.json
compile_commands.json: ## for clangd and editors: how each file is compiled, for every CPU of this tree
	@$(PYTHON) tools/compile_commands.py $@ $(subst $(empty) $(empty),$(comma),$(strip $(ARCH) $(filter-out $(ARCH),$(ARCHES)))) \
	  all '$(strip bench-programs $(if $(wildcard user/libc/*.c),libc-programs))' host-test

$(BUILD)/$(ARCH)/compile_commands.json:
	@mkdir -p $(@D)
	@$(PYTHON) tools/compile_commands.py $@ $(ARCH) all

# GUARDED_BY and its like are checked by clang alone; g++ reads past them.
check-locks: $(BUILD)/$(ARCH)/compile_commands.json ## clang's thread-safety analysis over the kernel
	@$(PYTHON) tools/check_locks.py $(ARCH) $(CROSS_COMPILE)g++ $<
