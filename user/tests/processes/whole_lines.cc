// Four processes write to the console at the same time, a line by each call. The host reads them.
#include "cairn/children.h"
#include "cairn/print.h"

static constexpr uint64_t kWriters = 4, kLines = 25;

TEST(
    "What a process writes by one call stands on the console in one piece, whoever writes beside "
    "it.") {
    auto* go = shared<volatile uint64_t>();
    long pids[kWriters];
    for (uint64_t w = 0; w < kWriters; w++) {
        pids[w] = start_child([=] {
            await(*go, secret(1000));
            for (uint64_t i = 0; i < kLines; i++) {
                print("writer %lu line %lu says %016lx\n", w, i, secret(w * kLines + i));
            }
            return 2;
        });
    }
    *go = secret(1000);
    uint64_t wrong = 0;
    for (long pid : pids) wrong += differs("writer", wait_for(pid), exited(2));
    CHECK(wrong, 0);
}
