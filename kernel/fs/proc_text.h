// What stands in the files of /proc, in the formats of proc(5), which programs parse.
#pragma once
#include <span>

#include "lib/format.h"
#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace fs {

// Whom a text is about.
struct ProcSubject {
    core::Thread& thread;
    lib::Text arguments;  // of its program, between blanks
};

struct ProcText {
    const char* name;
    void (*write)(lib::Sink& sink, const ProcSubject& subject);
};

// The texts of /proc itself, and those of each process.
std::span<const ProcText> system_texts();
std::span<const ProcText> process_texts();

// A number that a program wrote to a file, decimal or 0x…, with or without a newline. EINVAL, ERANGE.
Result<uint64_t> parse_number(lib::Text text);

}  // namespace fs
