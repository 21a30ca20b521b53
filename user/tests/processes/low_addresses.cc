// mmap(2), EPERM: below /proc/sys/vm/mmap_min_addr only who has CAP_SYS_RAWIO may map.
#include "cairn/children.h"

TEST("Page 0 can be mapped by the superuser alone; an ordinary user is told EPERM.") {
    CHECK(sys_mmap(0, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0), 0);
    uint64_t low = secret(1) % 512 * 8;
    *at(low) = secret(0);
    CHECK(*at(low), secret(0));
    CHECK(sys_munmap(0, PAGE), 0);
    CHECK(in_child([] {
              if (become_user(1000) != 0) return 100L;
              uint64_t page = map_memory(PAGE);
              auto map = [](uint64_t address, int how) {
                  return sys_mmap(address, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | how, -1, 0);
              };
              if (map(0, MAP_FIXED) != -EPERM) return 1L;
              if (map(0, MAP_FIXED_NOREPLACE) != -EPERM) return 2L;
              if (map(8, MAP_FIXED) != -EINVAL) return 3L;
              if (map(8, 0) < 4096) return 4L;
              int moves = MREMAP_MAYMOVE | MREMAP_FIXED;
              if (sys_mremap(page, PAGE, PAGE, moves, 0) != -EPERM) return 5L;
              *at(page) = 1;
              return is_mapped(0) ? 6L : 0L;
          }),
          0);
}
