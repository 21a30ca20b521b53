// Contract: fs/dev/random.h.
#include "fs/dev/random.h"

#include <cstring>

#include "lib/random.h"
#include "sync/spinlock.h"

namespace fs {

namespace {

sync::SpinLock random_lock{sync::LockRank::kRandom};
constinit lib::Random random GUARDED_BY(random_lock){0};

void draw(std::span<uint8_t> bytes) {
    sync::SpinGuard guard(random_lock);
    while (!bytes.empty()) {
        const uint64_t word = random.next();
        const size_t count = bytes.size() < sizeof(word) ? bytes.size() : sizeof(word);
        memcpy(bytes.data(), &word, count);
        bytes = bytes.subspan(count);
    }
}

}  // namespace

void seed_random(uint64_t seed) {
    sync::SpinGuard guard(random_lock);
    random = lib::Random(seed);
}

Result<size_t> read_random(mm::IoBuffer& to) {
    size_t done = 0;
    while (to.left() != 0) {
        uint8_t piece[256];
        const size_t count = to.left() < sizeof(piece) ? to.left() : sizeof(piece);
        draw({piece, count});
        const size_t moved = to.put({piece, count});
        done += moved;
        if (moved < count) return mm::moved_or(done, EFAULT);
    }
    return done;
}

}  // namespace fs
