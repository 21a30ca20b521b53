// What the fuzzers share: inputs grow out of a valid sample, because nobody guesses a magic number.
// Include it from one *_fuzz.cc, which defines the two functions below.
#pragma once

#include "lib/sample.h"

lib::Blob fuzz_sample();            // a valid input
void fuzz_input(lib::Bytes input);  // must survive every input

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned /*seed*/) {
    const lib::Blob sample = fuzz_sample();
    if (size < 8 && sample.size() <= max_size) {
        std::memcpy(data, sample.data(), sample.size());
        size = sample.size();
    }
    return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_input({reinterpret_cast<const std::byte*>(data), size});
    return 0;
}
