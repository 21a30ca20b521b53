// Builds cpio archives for tests and fuzzers.
#pragma once

#include <cstdio>

#include "lib/sample.h"

namespace fs {

class CpioBuilder {
public:
    // `name_size` and `data_size` are what the header claims; -1: the truth.
    CpioBuilder& add(std::string_view name, std::string_view data, std::uint32_t mode = 0100644,
                     long name_size = -1, long data_size = -1) {
        char header[111];
        std::snprintf(header, sizeof(header),
                      "070701%08X%08x%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", 1U, mode, 0U,
                      0U, 1U, 0U, claimed(data_size, data.size()), 0U, 0U, 0U, 0U,
                      claimed(name_size, name.size() + 1), 0U);
        lib::append(blob_, header);
        lib::append(blob_, name);
        blob_.push_back({});
        lib::pad(blob_, 4);
        lib::append(blob_, data);
        lib::pad(blob_, 4);
        return *this;
    }

    const lib::Blob& without_trailer() const { return blob_; }
    lib::Blob finish() {
        add("TRAILER!!!", "", 0);
        lib::pad(blob_, 512);
        return blob_;
    }

private:
    static unsigned claimed(long claim, std::size_t truth) {
        return static_cast<unsigned>(claim >= 0 ? static_cast<std::size_t>(claim) : truth);
    }

    lib::Blob blob_;
};

inline lib::Blob sample_cpio() {
    return CpioBuilder()
        .add(".", "", 040755)
        .add("init", "old")
        .add("./bin/sh", "#!")
        .add("/empty", "")
        .add("init", "program")
        .finish();
}

}  // namespace fs
