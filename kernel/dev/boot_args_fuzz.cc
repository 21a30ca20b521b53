#include "dev/boot_args.h"

#include "lib/fuzz.h"

lib::Blob fuzz_sample() {
    lib::Blob blob;
    lib::append(blob, "init=/a seed=0x7 trace=syscall,trap selftest=lib:1 noise=fpu -- b c");
    return blob;
}

void fuzz_input(lib::Bytes input) {
    dev::BadBootArg bad;
    const lib::Text line(reinterpret_cast<const char*>(input.data()), input.size());
    const auto args = dev::parse_boot_args(line, bad);
    if (!args) {
        ASSERT(!bad.argument.empty() && bad.argument.data() >= line.begin() &&
               bad.argument.end() <= line.end());
        return;
    }
    lib::Text rest = args->init_arguments;
    while (!dev::next_word(rest).empty()) {
    }
}
