# Kernel code on this machine: unit tests under sanitizers, fuzzers, and mistakes that must not compile.

HOST_CXX ?= g++
FUZZ_CXX ?= clang++
FUZZ_RUNS ?= 100000

host_out := $(BUILD)/$(ARCH)/host
host_includes := -Ikernel -Ikernel/arch/$(ARCH) $(addprefix -I,$(addsuffix /kernel,$(OVERLAYS)))
host_warnings := -Wall -Wextra -Wshadow -Wnon-virtual-dtor
host_flags := -std=c++20 -g -O1 -D_GLIBCXX_ASSERTIONS $(host_includes) $(host_warnings) \
    -fsanitize=address,undefined -fno-sanitize-recover=all

# Where these files of kernel/ are: there, or lent by a lab that is not written yet (OVERLAYS).
host_files = $(foreach f,$(1),$(firstword $(wildcard kernel/$(f) $(addsuffix /kernel/$(f),$(OVERLAYS)))))

# $(call host_test,NAME,FILES): a test program built from these files below kernel/. A tree that lacks one
# of them (its lab is absent) lacks the test.
host_tests :=
define host_test_rules
host_tests += $(1)
$(host_out)/$(1)_test: $(patsubst %,$(host_out)/obj/%.o,$(2))
endef
host_test = $(if $(filter $(words $(2)),$(words $(call host_files,$(2)))),$(eval $(call host_test_rules,$(1),$(call host_files,$(2) lib/format.cc lib/host_shim.cc))))

# ---- the tests: one line each ------------------------------------------------------------------
$(call host_test,lib,lib/result_test.cc lib/format_test.cc lib/containers_test.cc lib/tree_test.cc lib/numbers_test.cc lib/string_test.cc)
$(call host_test,device_tree,arch/riscv64/device_tree_test.cc arch/riscv64/device_tree.cc)
$(call host_test,acpi,arch/x86_64/acpi_test.cc arch/x86_64/acpi.cc)
$(call host_test,boot_args,dev/boot_args_test.cc dev/boot_args.cc)
$(call host_test,cpio,fs/initial/cpio_test.cc fs/initial/cpio.cc)
# The file system in memory, and its test, in trees that have one.
ram_file_system := $(patsubst kernel/%,%,$(filter-out %syscalls.cc,$(wildcard kernel/fs/ram/*.cc kernel/fs/pipe/*.cc kernel/mm/frame_tree.cc)))
$(call host_test,files,fs/paths_test.cc fs/descriptors_test.cc fs/initial/initial_file_system_test.cc tty/line_discipline_test.cc proc/text_file_test.cc proc/text_file.cc mm/io_buffer_test.cc fs/paths.cc \
    fs/descriptors.cc fs/directory.cc fs/file.cc fs/page_cache.cc fs/initial/initial_file_system.cc tty/line_discipline.cc fs/initial/cpio.cc fs/permission.cc core/credentials.cc mm/io_buffer.cc fs/host_shim.cc \
    $(ram_file_system))
$(call host_test,decode,arch/$(ARCH)/decode_test.cc arch/$(ARCH)/decode.cc entry/decide.cc)
$(call host_test,pids,task/pids_test.cc task/pids.cc)
$(call host_test,load_average,sched/load_average_test.cc sched/load_average.cc)
$(call host_test,vma_tree,mm/vma_tree_test.cc mm/vma_tree.cc)
$(call host_test,buddy,mm/buddy_test.cc mm/buddy.cc)
$(call host_test,heap,mm/slab_heap_test.cc mm/slab_heap.cc mm/poison.cc mm/ram_map.cc)
$(call host_test,elf,exec/elf_test.cc exec/elf.cc)
$(call host_test,timer_queue,time/timer_queue_test.cc)

# ---- the fuzzers: FOLDER/NAME means FOLDER/NAME_fuzz.cc and FOLDER/NAME.cc ------------------------
fuzzers := arch/riscv64/device_tree arch/x86_64/acpi dev/boot_args fs/initial/cpio mm/vma_tree mm/buddy exec/elf

# ---- how they are built and run ------------------------------------------------------------------
host_wanted := $(filter $(or $(subst $(comma), ,$(T)),%),$(host_tests))
host_binaries := $(host_wanted:%=$(host_out)/%_test)

$(host_binaries):
	$(Q)$(HOST_CXX) $(host_flags) -o $@ $^ -lgtest -lgtest_main -pthread

$(host_out)/obj/%.cc.o: %.cc
	@mkdir -p $(@D)
	$(Q)$(HOST_CXX) $(host_flags) -MMD -MP -c -o $@ $<

-include $(shell find $(host_out) -name '*.d' 2>/dev/null)

.PHONY: host-test fuzz compile-fail
host-test: $(host_binaries) ## unit tests of kernel code on this machine; T=NAME,NAME only these programs, GTEST_FILTER= one test
	@failed=; \
	for test in $(host_wanted); do \
	    echo "host-test: $$test"; \
	    $(host_out)/$${test}_test --gtest_brief=1 $(if $(JUNIT_DIR),--gtest_output=xml:$(JUNIT_DIR)/$$test.xml) \
	        || failed="$$failed $$test"; \
	done; \
	if [ -n "$$failed" ]; then \
	    echo "host-test: failed:$$failed; run one of them in gdb: gdb --args $(host_out)/NAME_test"; exit 1; \
	fi

fuzz: ## run each parser on FUZZ_RUNS mutated inputs, always the same ones; F=cpio runs one fuzzer
	$(Q)HOST_OUT=$(host_out) CXX='$(FUZZ_CXX)' FLAGS='-std=c++20 -g -O1 $(host_includes)' RUNS=$(FUZZ_RUNS) \
	    kernel/lib/run_fuzzers $(foreach f,$(fuzzers),$(if $(filter $(or $(F),%),$(notdir $(f))),$(patsubst %_fuzz.cc,%,$(call host_files,$(f)_fuzz.cc))))

compile-fail: ## mistakes that must not compile, and what the compiler says
	$(Q)$(PYTHON) kernel/lib/compile_fail/check.py '$(CROSS_COMPILE)g++' '$(HOST_CXX)' '$(FUZZ_CXX)'
