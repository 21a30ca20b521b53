# Programs that were not made for Cairn: unmodified ones of Debian's (user/userland.toml), and C programs of ours with
# the C library of the cross compiler (user/libc). `make demo LAB=paging` shows them.

.PHONY: userland libc-programs
userland: ## fetch Debian's busybox-static for every CPU, its signature checked (RELOCK=1: the version of today)
	$(Q)$(PYTHON) -B -m tools.userland --build $(BUILD) $(if $(RELOCK),--relock)

USER_LIBC_ELFS := $(patsubst user/%.c,$(USER_OUT)/%.elf,$(wildcard user/libc/*.c))
libc-programs: $(USER_LIBC_ELFS) ## build the programs of user/libc with the compiler's own C library, static

# -O1: GCC may leave out an allocation that nobody looks at, and these programs want to make it.
$(USER_OUT)/libc/%.elf: user/libc/%.c
	@mkdir -p $(@D)
	$(Q)$(USER_CC) -std=c11 -D_GNU_SOURCE -O1 -g -MMD -MP -Wall -Wextra -static -ffile-prefix-map=$(call quoted,$(CURDIR)/=) -o $@ $<

# The latency benchmark: measured on Linux with a C library, so here too.
$(USER_OUT)/bench/lat.elf: $(wildcard user/bench/lat*.c user/bench/lat*.h) user/arch/$(ARCH)/clone.S
	@mkdir -p $(@D)
	$(Q)$(USER_CC) -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Iuser/arch/$(ARCH) -static -ffile-prefix-map=$(call quoted,$(CURDIR)/=) -o $@ $(filter %.c %.S,$^)
