// An entry is a header of fixed size, the name, and the data; name and data are padded so that
// what follows begins at a multiple of four from the archive's beginning.
#include "fs/initial/cpio.h"

namespace fs {
namespace {

using lib::ByteReader;
using lib::Bytes;
using lib::Text;

constexpr Text kMagic = "070701";
constexpr Text kTrailer = "TRAILER!!!";
constexpr std::size_t kAlignment = 4;

// The header has thirteen fields behind the magic, each of eight hexadecimal digits: ino, mode,
// uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check.
constexpr std::size_t kFields = 13;
enum Field { Mode = 1, FileSize = 6, NameSize = 11 };

Result<std::uint32_t> read_field(ByteReader& reader) {
    std::uint32_t number = 0;
    for (const std::byte byte : TRY(reader.bytes(8))) {
        const char c = static_cast<char>(byte);
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<unsigned>(c - 'A') + 10;
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<unsigned>(c - 'a') + 10;
        } else {
            return Errno{EINVAL};
        }
        number = number << 4 | digit;
    }
    return number;
}

// A name is as long as the header says: it ends with a NUL and holds no other.
Result<Text> read_name(ByteReader& reader, std::uint32_t size) {
    ByteReader name(TRY(reader.bytes(size)));
    const Text text = TRY(name.terminated_text());
    if (name.remaining() != 0) {
        return Errno{EINVAL};
    }
    return text;
}

Text without_leading_slashes(Text path) {
    while (true) {
        if (path.starts_with("/")) {
            path = path.without_first(1);
        } else if (path.starts_with("./")) {
            path = path.without_first(2);
        } else {
            return path == "." ? Text() : path;
        }
    }
}

}  // namespace

Result<bool> CpioReader::next(CpioEntry& entry) {
    const Bytes magic = TRY(reader_.bytes(kMagic.size()));
    if (Text(reinterpret_cast<const char*>(magic.data()), magic.size()) != kMagic) {
        return Errno{EINVAL};
    }
    std::uint32_t fields[kFields];
    for (std::uint32_t& field : fields) {
        field = TRY(read_field(reader_));
    }
    const Text name = TRY(read_name(reader_, fields[NameSize]));
    if (name == kTrailer) {
        return false;
    }
    TRY(reader_.align(kAlignment));
    entry.path = without_leading_slashes(name);
    entry.mode = fields[Mode];
    entry.data = TRY(reader_.bytes(fields[FileSize]));
    TRY(reader_.align(kAlignment));
    return true;
}

Result<CpioEntry> find_in_cpio(Bytes archive, Text path) {
    const Text wanted = without_leading_slashes(path);
    CpioReader reader(archive);
    CpioEntry entry;
    CpioEntry found;
    bool is_found = false;
    while (TRY(reader.next(entry))) {
        if (entry.path == wanted) {
            found = entry;
            is_found = true;
        }
    }
    if (!is_found) {
        return Errno{ENOENT};
    }
    return found;
}

}  // namespace fs
