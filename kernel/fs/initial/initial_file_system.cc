// Contract: initial_file_system.h. All that the archive holds can be changed afterwards (fs/ram/node.h).
#include "fs/initial/initial_file_system.h"

#include "fs/initial/cpio.h"
#include "fs/ram/file.h"

namespace fs {

namespace {

using lib::Text;

constexpr FileSystem kRoot = FileSystem::kRoot;
constinit const core::Credentials kSuperuser;

// Whoever asks a mapping for its file is told the path in the archive, with a slash in front.
Result<RefPtr<Node>> make_regular(const CpioEntry& entry) {
    RefPtr<RamPages> pages = TRY(lib::make_ref<RamPages>(entry.data));
    TRY(pages->set_name("/", entry.path));
    return make_node<RamFile>(kRoot, entry.mode, std::move(pages));
}

Result<RefPtr<Node>> node_for(const CpioEntry& entry) {
    if (S_ISREG(entry.mode)) return make_regular(entry);
    const Text target(reinterpret_cast<const char*>(entry.data.data()), entry.data.size());
    return RefPtr<Node>(TRY(make_ram_node(kRoot, {.mode = entry.mode, .target = target}, 0, 0)));
}

Result<void> put(RamDirectory& directory, Text name, RefPtr<Node> node) {
    if (directory.find(name)) return directory.replace(name, std::move(node));
    return directory.add_child(name, std::move(node), kSuperuser);
}

// The directory `name` of `parent`. One that is there stays, with all that is in it; what is no
// directory makes room for one.
Result<RamDirectory*> enter(RamDirectory& parent, Text name, uint32_t permissions) {
    auto found = parent.find(name);
    if (found && (*found)->is_directory()) return (*found)->as_ram_directory();
    const RefPtr<Node> made = TRY(make_ram_node(kRoot, {.mode = S_IFDIR | permissions}, 0, 0));
    TRY(put(parent, name, made));
    return made->as_ram_directory();
}

Result<void> add_entry(RamDirectory& root, const CpioEntry& entry) {
    RamDirectory* here = &root;
    Text rest = entry.path;
    for (Text name = rest.take_until('/'); !name.empty(); name = rest.take_until('/')) {
        if (rest.empty() && !S_ISDIR(entry.mode)) return put(*here, name, TRY(node_for(entry)));
        here = TRY(enter(*here, name, rest.empty() ? entry.mode & ~S_IFMT : 0755));
    }
    return {};
}

}  // namespace

Result<RefPtr<Node>> build_initial_file_system(lib::Bytes archive) {
    RefPtr<RamDirectory> root = TRY(lib::make_ref<RamDirectory>(kRoot, S_IFDIR | 0755));
    CpioReader reader(archive);
    CpioEntry entry;
    while (TRY(reader.next(entry))) TRY(add_entry(*root, entry));
    return RefPtr<Node>(std::move(root));
}

Result<void> mount(Node& root, Text name, RefPtr<Node> node) {
    return put(*root.as_ram_directory(), name, std::move(node));
}

}  // namespace fs
