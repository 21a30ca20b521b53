#include "mm/buddy.h"

#include "lib/fuzz.h"
#include "mm/buddy_sample.h"

lib::Blob fuzz_sample() {
    lib::Blob blob;
    for (int i = 0; i < 120; i++) blob.push_back(static_cast<std::byte>(i * 29 + i / 7));
    return blob;
}

constexpr std::size_t kMostBytes = 200;  // long inputs find nothing more, and take long

void fuzz_input(lib::Bytes input) {
    if (input.size() > kMostBytes) input = input.first(kMostBytes);
    mm::BuddySample().run({reinterpret_cast<const uint8_t*>(input.data()), input.size()});
}
