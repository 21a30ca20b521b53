// The cpio archive ("newc") that holds the initial file system, read where it lies.
//
// Format: Linux, Documentation/driver-api/early-userspace/buffer-format.rst. A malformed archive
// is EINVAL. Hard links are not resolved: only the last of their entries carries the data.
#pragma once

#include <cstdint>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "lib/text.h"

namespace fs {

struct CpioEntry {
    lib::Text path;  // as in the archive, without / and ./ in front; empty: the root
    std::uint32_t mode = 0;
    lib::Bytes data;  // of a symbolic link: its target
};

// Reads an archive from entry to entry.
class CpioReader {
public:
    explicit CpioReader(lib::Bytes archive) : reader_(archive) {}

    // Fetches the next entry; false at the archive's trailer. An archive without one was cut off.
    Result<bool> next(CpioEntry& entry);

private:
    lib::ByteReader reader_;
};

// The entry of a path, with or without / or ./ in front; ENOENT if there is none. Of several the
// last counts, as it does when Linux unpacks the archive. Looks at the whole archive each time.
Result<CpioEntry> find_in_cpio(lib::Bytes archive, lib::Text path);

}  // namespace fs
