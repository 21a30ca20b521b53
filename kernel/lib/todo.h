// What stands in a room that is still empty: `return todo("traps.4", arguments...);`.
//
// It converts to whatever the function returns, uses the arguments (no warnings about them), and,
// when the kernel comes by, names the room with file and line and ends the run.
#pragma once

namespace lib {

// Prints "ROOM traps.4 is open: file:line" and ends the run with status 121. The kernel fulfils
// this in core/panic.cc, host programs in lib/host_shim.cc.
[[noreturn]] void open_room_reached(const char* room, const char* file, int line);

// A room's name that knows where it was written down.
struct Room {
    // NOLINTNEXTLINE: the name alone is what a reader sees.
    Room(const char* room_name, const char* caller_file = __builtin_FILE(),
         int caller_line = __builtin_LINE())
        : name(room_name), file(caller_file), line(caller_line) {}

    const char* name;
    const char* file;
    int line;
};

// Converts to every type, but never has to: todo() does not come back.
struct Anything {
    template <typename T>
    [[noreturn]] operator T() const {
        __builtin_unreachable();
    }
};

template <typename... Arguments>
[[noreturn]] Anything todo(Room room, const Arguments&...) {
    open_room_reached(room.name, room.file, room.line);
}

}  // namespace lib

using lib::todo;
