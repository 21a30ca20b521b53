// Contract: fs/paths.h.
#include "fs/paths.h"

#include "fs/permission.h"

namespace fs {

namespace {

using lib::Text;

Text without_slashes(Text path) {
    while (path.starts_with("/")) path = path.without_first(1);
    return path;
}

// One walk from name to name. A link puts its text in front of the rest of the path: the rests wait
// on a pile, each with the link that its text lies in.
class Walk {
public:
    Walk(const Viewpoint& viewpoint, RefPtr<Node> start, LastLink last_link)
        : viewpoint_(viewpoint), here_(std::move(start)), last_link_(last_link) {}

    Result<Place> go(Text path) {
        if (path.empty()) return Errno{ENOENT};
        begin(path);
        Text name;
        while (take_name(name)) {
            if (!here_->is_directory()) return Errno{ENOTDIR};
            TRY(check_permission(*here_, kMayExecute, viewpoint_.credentials));
            if (name.size() > kLongestName) return Errno{ENAMETOOLONG};
            const bool is_last = is_at_end();
            note_last(name);
            auto next = step(name);
            if (!next && next.error() == Errno{ENOENT} && is_last) return place(RefPtr<Node>());
            RefPtr<Node> node = TRY(std::move(next));
            if (node->is_symbolic_link() && (!is_last || follows_last())) {
                TRY(follow(std::move(node)));
            } else {
                directory_ = std::exchange(here_, std::move(node));
            }
        }
        const bool can_be_file = !ends_with_slash_ || last_link_ == LastLink::kName;
        if (!can_be_file && !here_->is_directory()) return Errno{ENOTDIR};
        RefPtr<Node> found = here_;
        if (directory_) here_ = directory_;
        return place(std::move(found));
    }

private:
    struct Rest {
        Text path;
        RefPtr<Node> link;  // in which it lies; none: the caller's
    };

    void begin(Text path) {
        if (path.starts_with("/")) here_ = viewpoint_.root;
        path_ = path;
        place_.last = LastName::kRoot;
    }

    // The next name of the path; false at its end. Slashes at the end are remembered.
    bool take_name(Text& name) {
        path_ = without_slashes(path_);
        while (path_.empty() && waiting_ != 0) {
            Rest& rest = rests_[--waiting_];
            path_ = without_slashes(rest.path);
            link_ = std::move(rest.link);
        }
        if (path_.empty()) return false;
        name = path_.first(path_.find('/'));
        path_ = path_.without_first(name.size());
        return true;
    }

    // Whether the name that was taken is the last one. Only rests that hold a name wait on the pile.
    bool is_at_end() {
        if (waiting_ != 0 || !without_slashes(path_).empty()) return false;
        if (!path_.empty()) ends_with_slash_ = true;
        return true;
    }

    void note_last(Text name) {
        place_.name = name;
        place_.last = LastName::kName;
        if (name == ".") place_.last = LastName::kDot;
        if (name == "..") place_.last = LastName::kDotDot;
    }

    bool follows_last() const {
        if (last_link_ == LastLink::kName) return false;
        return last_link_ == LastLink::kFollow || ends_with_slash_;
    }

    Result<RefPtr<Node>> step(Text name) {
        if (name == ".") return here_;
        if (name == "..") return here_ == viewpoint_.root ? here_ : here_->parent();
        return here_->find(name);
    }

    Result<void> follow(RefPtr<Node> link) {
        if (++links_ > kMostLinks) return Errno{ELOOP};
        if (RefPtr<Node> node = TRY(link->destination())) {
            directory_ = {};
            here_ = std::move(node);
            return {};
        }
        const Text target = TRY(link->target());
        if (target.empty()) return Errno{ENOENT};
        if (!without_slashes(path_).empty()) rests_[waiting_++] = {path_, std::move(link_)};
        link_ = std::move(link);
        begin(target);
        return {};
    }

    Place place(RefPtr<Node> node) {
        place_.directory = std::move(here_);
        place_.node = std::move(node);
        place_.ends_with_slash = ends_with_slash_;
        place_.link = std::move(link_);
        return std::move(place_);
    }

    const Viewpoint& viewpoint_;
    RefPtr<Node> here_;
    RefPtr<Node> directory_;  // in which `here_` was found
    const LastLink last_link_;
    Text path_;          // what is still to go, of the path or of a link
    RefPtr<Node> link_;  // in which path_ lies
    bool ends_with_slash_ = false;
    Place place_;  // what is known of it so far
    unsigned links_ = 0;
    unsigned waiting_ = 0;
    Rest rests_[kMostLinks];
};

}  // namespace

Result<Place> find_place(const Viewpoint& viewpoint, const RefPtr<Node>& start, Text path,
                         LastLink last_link) {
    return Walk(viewpoint, start, last_link).go(path);
}

Result<RefPtr<Node>> find_node(const Viewpoint& viewpoint, const RefPtr<Node>& start, Text path,
                               LastLink last_link) {
    Place place = TRY(find_place(viewpoint, start, path, last_link));
    if (!place.node) return Errno{ENOENT};
    return std::move(place.node);
}

Result<Text> path_of(const Viewpoint& viewpoint, RefPtr<Node> node, std::span<char> buffer) {
    char* const end = buffer.data() + buffer.size() - 1;
    char* begin = end;
    *end = '\0';
    while (node != viewpoint.root) {
        RefPtr<Node> parent = node->parent();
        // Above the root of this viewpoint, or in no directory any more.
        if (!parent || parent == node) return Errno{ENOENT};
        const auto room = buffer.first(static_cast<size_t>(begin - buffer.data()));
        auto name = parent->name_of(*node, room);
        if (!name && node->parent() != parent) continue;  // it has just moved
        const size_t size = TRY(name).size();
        if (size == room.size()) return Errno{ENAMETOOLONG};
        begin -= size + 1;
        *begin = '/';
        node = std::move(parent);
    }
    if (begin == end) *--begin = '/';
    return Text(begin, static_cast<size_t>(end - begin));
}

}  // namespace fs
