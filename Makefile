# Cairn: the one front door. `make` alone prints what can be asked for.
#
# This file sets the variables that all rules share and includes the rules,
# which lie beside what they build: kernel/*.mk, user/*.mk, grading/*.mk, docs/*.mk, tools/*.mk.

# ---- what to build, and with what -------------------------------------------------------------
# The CPU kinds that this tree has; the first is the one that is meant when nobody says. ARCH=all: one after the other.
ARCHES := $(patsubst kernel/arch/%/kernel.ld,%,$(sort $(wildcard kernel/arch/*/kernel.ld)))
ARCH ?= $(firstword $(ARCHES))
# debug: assertions, lock ranks, UBSan, poisoning; graded. release: what figures are measured on.
MODE ?= debug
BUILD := build
empty :=
include tools/door.inc
V ?= 0

OUT   := $(BUILD)/$(ARCH)/$(MODE)

CROSS_COMPILE_riscv64 := riscv64-linux-gnu-
CROSS_COMPILE_x86_64  := x86_64-linux-gnu-
CROSS_COMPILE ?= $(CROSS_COMPILE_$(ARCH))
Q := $(if $(filter 1,$(V)),,@)

# $(eval $(call remember,FILE,FLAGS)): what depends on FILE is built again when these flags are others than those it was
# built with: another commit's, another compiler's. A build that knows no flags yet is left as it is.
define remember
ifneq ($$(strip $$(file <$1)),$$(strip $$($2)))
.PHONY: other-flags
$1: other-flags
	@mkdir -p $$(@D) && { test -e $$@ || touch -d @1 $$@; } && cp -p $$@ $$@.old && printf '%s\n' $$(call quoted,$$($2)) > $$@ && \
	  { test -s $$@.old || touch -r $$@.old $$@; } && rm -f $$@.old
endif
endef

# A long build says how far it is, on a terminal or not: $(progress) in a recipe that compiles.
progress = $(eval compiled += x)$(if $(filter %00 %25 %50 %75,$(words $(compiled))),@echo 'compiling: $(words $(compiled)) files ($<)')

# The labs that are planned but not written lend their stand-ins to this tree (docs: how a lab is made): before/, and
# before-<lab>/ where that lab is written. Of files for the same place the first folder's counts, so later labs come first.
# A tree cut for a student has the stand-ins in place and no before/ folder: then this list is empty.
reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
written_labs := $(call reverse,$(sort $(patsubst labs/%/handout.md,%,$(wildcard labs/*/handout.md))))
planned_labs := $(filter-out $(written_labs),$(patsubst labs/%/,%,$(sort $(wildcard labs/*/))))
OVERLAYS := $(strip $(foreach p,$(planned_labs),$(foreach w,$(written_labs),$(wildcard labs/$p/before-$(word 2,$(subst -, ,$w)))) \
  $(wildcard labs/$p/before)))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

ifeq ($(door_says),again)
else ifeq ($(ARCH),all)
include tools/every_cpu.inc
else
# Packages that are missing are installed first (tools/setup), and what was unpacked where is known before any rule is read.
include tools/setup.inc
include $(wildcard kernel/*.mk user/*.mk grading/*.mk docs/*.mk tools/*.mk)

# ---- the door itself ---------------------------------------------------------------------------
.PHONY: help clean all
help: ## print this list
	@echo 'usage: make TARGET [ARCH=$(subst $(empty) $(empty),|,$(strip $(ARCHES)))|all] [MODE=debug|release] [V=1]; ARCH is $(ARCH) if left out'
	@echo
	@sed -n 's/^\([a-zA-Z0-9][a-zA-Z0-9 _-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | sort -u | awk -F'|' '{ printf "  %-18s %s\n", $$1, $$2 }'
	@echo
	@echo 'From the environment: $(strip $(foreach v,$(door_settings),$v))'

all: kernel ## build the kernel and the user programs

clean: ## remove everything that was built
	$(Q)rm -rf $(BUILD) compile_commands.json
endif
