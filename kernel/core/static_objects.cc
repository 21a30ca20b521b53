// Contract: core/static_objects.h.
#include "core/static_objects.h"

// What the compiler asks of a C++ runtime: a list of objects to destroy at the program's end. The kernel
// has no such end.
extern "C" {
extern void (*const constructors_begin[])();  // kernel.ld
extern void (*const constructors_end[])();
void* __dso_handle = nullptr;
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
}

namespace core {

void construct_static_objects() {
    for (auto* constructor = constructors_begin; constructor != constructors_end; constructor++) {
        (*constructor)();
    }
}

}  // namespace core
