#include "fs/initial/cpio.h"

#include "fs/initial/cpio_sample.h"
#include "lib/fuzz.h"

lib::Blob fuzz_sample() { return fs::sample_cpio(); }

void fuzz_input(lib::Bytes input) {
    const auto entry = fs::find_in_cpio(input, "/init");
    if (entry && !entry->data.empty()) {
        ASSERT(entry->data.data() >= input.data() &&
               entry->data.data() + entry->data.size() <= input.data() + input.size());
    }
}
