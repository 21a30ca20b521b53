# Grading and starting: `make grade` builds what it needs, boots QEMU for each row and says the score.
#
#   make grade [LAB=traps] [T=row | ROWS=a,b] [SEED=n] [V=1] [REPLAY=results.json]
#              [JSON=file] [JUNIT=file] [HTML=file] [WHOLE_TREE=1] [PLAIN=1] [JOBS=2] [FULL=1: all seeds of race rows]

SEED ?=
JOBS ?= 2
GRADING := PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading
GRADE_ROWS = $(if $(T),$(T),$(ROWS))
GRADE_FLAGS = --arch $(ARCH) --mode $(MODE) --compiler $(CROSS_COMPILE) --build $(BUILD) \
  $(if $(or $(LAB),$(STEP_LAB)),--lab $(or $(LAB),$(STEP_LAB))) $(if $(GRADE_ROWS),--rows $(GRADE_ROWS)) $(if $(SEED),--seed $(SEED))
GRADE_OUTPUT = $(if $(REPLAY),--replay $(REPLAY)) $(foreach f,$(JSON),--json $(f)) $(if $(JUNIT),--junit $(JUNIT)) \
  $(if $(HTML),--html $(HTML)) $(if $(PLAIN),--plain) $(if $(filter 1,$(FULL)),--full) $(if $(filter 1,$(V)),--verbose) --jobs $(JOBS)

# What students change is taken from their tree and grafted on the pristine one, so that `make grade` at home
# and the instructor's give one score. The developers' tree (it holds the wrong solutions) is graded as it is.
GRADE_AS_IT_IS := $(or $(WHOLE_TREE),$(wildcard labs/*/wrong),$(if $(wildcard tools/labs.py),,no-labs))

.PHONY: grade grade-here why hint soak
ifneq ($(GRADE_AS_IT_IS),)
grade: grade-here ## build and grade: LAB=, T=row, SEED=, V=1, JSON=, HTML= (see grading/build.mk)
else
grade: ## build and grade: LAB=, T=row, SEED=, V=1, JSON=, HTML= (see grading/build.mk)
	$(Q)mkdir -p $(BUILD) && $(PYTHON) tools/labs.py graft --here $(BUILD)/graft > $(BUILD)/graft.txt && cat $(BUILD)/graft.txt
	$(Q)tree=$$(sed -n 's/^tree: //p' $(BUILD)/graft.txt); \
	$(MAKE) --no-print-directory -C "$$tree" grade-here $(foreach v,JSON JUNIT HTML REPLAY,$(if $($(v)),$(v)="$(abspath $($(v)))")); \
	status=$$?; test "$$tree" = . || cp "$$tree/$(BUILD)/results.json" $(BUILD)/ 2>/dev/null; exit $$status
endif

grade-here: kernel user-tests
	$(Q)$(GRADING) grade $(GRADE_FLAGS) $(GRADE_OUTPUT)

why: ## explain a row: T=row
	$(Q)$(GRADING) why $(GRADE_FLAGS)

hint: ## one hint more for a row: T=row
	$(Q)$(GRADING) hint $(GRADE_FLAGS)

# Long: each SEED twice, the second time while other processes want every CPU.
SEEDS ?= 10
soak: kernel user-tests ## the reference over many seeds, under load: SEEDS=10, LAB=
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading.soak --seeds $(SEEDS) --first $(or $(SEED),1) \
	  --arch $(ARCH) --mode $(MODE) --compiler $(CROSS_COMPILE) --build $(BUILD) $(if $(LAB),--lab $(LAB)) $(if $(filter 1,$(FULL)),--full)
