# Grading and starting: `make grade` builds what it needs, boots QEMU for each row and says the score.
#
#   make grade [LAB=traps] [T=row | ROWS=a,b] [SEED=n] [V=1] [REPLAY=results.json]
#              [JSON=file] [JUNIT=file] [HTML=file] [WHOLE_TREE=1] [PLAIN=1] [JOBS=2] [FULL=1: all seeds of race rows]
#              [ALL=1: rows of provided code too, which carry no points]
#              [BRIEF=1: no second look at a machine that timed out]

SEED ?=
JOBS ?= 2
GRADING := PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading
GRADE_ROWS = $(if $(T),$(T),$(ROWS))
GRADE_FLAGS = --arch $(ARCH) --mode $(MODE) --compiler $(CROSS_COMPILE) --build $(BUILD) \
  $(if $(or $(LAB),$(STEP_LAB)),--lab $(or $(LAB),$(STEP_LAB))) $(if $(GRADE_ROWS),--rows $(GRADE_ROWS)) $(if $(SEED),--seed $(SEED))
GRADE_OUTPUT = $(if $(REPLAY),--replay $(BUILD)/replay.json) $(foreach f,$(JSON),--json $(f)) $(if $(JUNIT),--junit $(JUNIT)) \
  $(if $(HTML),--html $(HTML)) $(if $(PLAIN),--plain) $(if $(filter 1,$(FULL)),--full) $(if $(filter 1,$(V)),--verbose) \
  $(if $(filter 1,$(ALL)),--all) $(if $(filter 1,$(BRIEF)),--brief) --jobs $(JOBS)

# What students change is taken from their tree and grafted on the pristine one, so that `make grade` at home
# and the instructor's give one score. Three kinds of tree: the one source tree (or WHOLE_TREE=1) is graded as it is, with
# its own grader; a hand-out is grafted into build/graft; of a graft the kernel is built, and graded by the grader of the
# pristine tree in it, grader/, where nothing is a student's. The compiler is not told the SEED: it reads what it is told to.
GRADE_KIND := $(if $(WHOLE_TREE),whole,$(if $(wildcard grader/labs/manifest.txt),graft,$(if $(wildcard tools/course.mk),whole,hand-out)))
GRADE_RESULTS = $(BUILD)/results.json $(JSON)
# $(call from,FOLDER,FILES): the names of these files from another folder. Relative ones stay relative: the path of this
# clone may hold a space, at which make would split.
from = $(foreach f,$2,$(if $(filter /%,$f),$f,$(subst $(empty) $(empty),/,$(patsubst %,..,$(subst /, ,$1)))/$f))
grade_paths = $(foreach v,JSON JUNIT HTML,$(if $($v),$v=$(call quoted,$(call from,$1,$($v))))) $(if $(REPLAY),REPLAY=$(call quoted,$(call from,$1,$(BUILD)/replay.json)))
GRADE_NOTHING := SEED= REPLAY= JSON= JUNIT= HTML=

# Rows that are named need their own programs, and no kernel if all of them run on the host (grading/needs.py).
grade_needs = $(GRADING) needs $(GRADE_FLAGS)
ifneq ($(GRADE_ROWS),)
grade-needs:
	$(Q)wanted=$$($(grade_needs)) && $(MAKE) --no-print-directory grade-build $(GRADE_NOTHING) GRADE_WANTED="$$wanted"
else
grade-needs: kernel user-objects
endif
grade-build: $(GRADE_WANTED)
	@:

.PHONY: grade grade-begin grade-graft grade-needs grade-build why hint soak
grade-begin:
	$(Q)mkdir -p $(BUILD)
	$(if $(REPLAY),$(Q)test $(call quoted,$(REPLAY)) -ef $(BUILD)/replay.json || cp $(call quoted,$(REPLAY)) $(BUILD)/replay.json)
	$(Q)$(GRADING).unbuilt $(GRADE_RESULTS)

ifeq ($(GRADE_KIND),whole)
grade: grade-begin grade-needs ## build and grade: LAB=, T=row, SEED=, V=1, JSON=, HTML= (see grading/build.mk)
	@echo 'grade: this tree is graded as it is, by its own grader'
	$(Q)$(GRADING) grade $(GRADE_FLAGS) $(GRADE_OUTPUT)
else ifeq ($(GRADE_KIND),hand-out)
grade: grade-begin ## build and grade: LAB=, T=row, SEED=, V=1, JSON=, HTML= (see grading/build.mk)
	$(Q)status=0; { $(PYTHON) tools/labs.py graft --here $(BUILD)/graft && \
	  $(MAKE) --no-print-directory -C $(BUILD)/graft grade $(call grade_paths,$(BUILD)/graft); } || status=$$?; \
	for file in $(GRADE_RESULTS); do \
	  test $$status = 0 -o ! -f $(BUILD)/graft/$(BUILD)/results.json || cp $(BUILD)/graft/$(BUILD)/results.json "$$file"; done; \
	cp $(BUILD)/graft/$(BUILD)/results.json $(BUILD)/ && exit $$status
else
grade: grade-begin ## build and grade: LAB=, T=row, SEED=, V=1, JSON=, HTML= (see grading/build.mk)
	$(Q)wanted=kernel; $(if $(GRADE_ROWS),wanted=$$(cd grader && $(grade_needs) 2>/dev/null | cut -d' ' -f1);) \
	$(MAKE) --no-print-directory grade-build GRADE_WANTED="$$wanted" $(GRADE_NOTHING) 2>$(BUILD)/errors.txt; status=$$?; cat $(BUILD)/errors.txt >&2; \
	test $$status = 0 || { $(GRADING).unbuilt --errors $(BUILD)/errors.txt $(GRADE_RESULTS); exit $$status; }
	$(Q)$(MAKE) --no-print-directory -C grader grade-graft GRAFT=.. $(call grade_paths,grader)
endif

grade-graft:
	$(Q)wanted=user-objects; $(if $(GRADE_ROWS),wanted=$$($(grade_needs)) || exit;) \
	$(MAKE) --no-print-directory grade-build $(GRADE_NOTHING) GRADE_WANTED="$${wanted#kernel }"
	$(Q)mkdir -p $(BUILD) $(if $(REPLAY),&& cp $(call quoted,$(REPLAY)) $(BUILD)/replay.json)
	$(Q)$(GRADING) grade $(GRADE_FLAGS) --kernel '$(GRAFT)/$(BUILD)/$(ARCH)/$(MODE)/kernel.elf' --sources '$(GRAFT)' \
	  --json '$(GRAFT)/$(BUILD)/results.json' $(GRADE_OUTPUT)

why: ## explain a row: T=row
	$(Q)$(GRADING) why $(GRADE_FLAGS)

hint: ## one hint more for a row: T=row
	$(Q)$(GRADING) hint $(GRADE_FLAGS)

# Long: each SEED twice, the second time while other processes want every CPU.
SEEDS ?= 10
soak: kernel user-tests ## the reference over many seeds, under load: SEEDS=10, LAB=
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m grading.soak --seeds $(SEEDS) --first $(or $(SEED),1) \
	  --arch $(ARCH) --mode $(MODE) --compiler $(CROSS_COMPILE) --build $(BUILD) $(if $(LAB),--lab $(LAB)) $(if $(filter 1,$(FULL)),--full)
