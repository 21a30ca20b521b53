#include "mm/vma_tree.h"

#include "lib/fuzz.h"
#include "mm/vma_tree_sample.h"

lib::Blob fuzz_sample() {
    lib::Blob blob;
    for (int i = 0; i < 200; i++) blob.push_back(static_cast<std::byte>(i * 37 + i / 5));
    return blob;
}

constexpr std::size_t kMostBytes = 400;  // long inputs find nothing more, and take long

void fuzz_input(lib::Bytes input) {
    if (input.size() > kMostBytes) input = input.first(kMostBytes);
    mm::VmaTreeSample().run({reinterpret_cast<const uint8_t*>(input.data()), input.size()});
}
