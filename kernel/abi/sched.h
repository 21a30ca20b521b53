// What sched_setparam(2) and its like read and write: newer headers of Linux leave sched_param to glibc.
#pragma once
#include <cstdint>

namespace abi {

struct SchedParam {
    int32_t sched_priority;
};

}  // namespace abi
