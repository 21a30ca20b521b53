// Contract: mm/growing_struct.h.
#include "mm/growing_struct.h"

#include <cstring>

namespace mm {

Result<void> read_growing(UserBuffer place, size_t size, std::span<uint8_t> known) {
    for (size_t offset = known.size(); offset < size;) {
        uint8_t rest[64];
        const size_t piece = size - offset < sizeof(rest) ? size - offset : sizeof(rest);
        TRY(place.read_into({rest, piece}, offset));
        for (size_t i = 0; i < piece; i++) {
            if (rest[i] != 0) return Errno{E2BIG};
        }
        offset += piece;
    }
    const size_t common = size < known.size() ? size : known.size();
    memset(known.data() + common, 0, known.size() - common);
    return place.read_into(known.first(common), 0);
}

}  // namespace mm
