// execve(2): what stands on the stack when a program starts. The host gives the words after the
// name.
#include "cairn/check.h"

TEST("A program finds its name and its arguments, and the list ends with a null.") {
    CHECK_THAT(cairn::argument(0) != nullptr && cairn::argument(0)[0] == '/');
    CHECK(argument_number(1, 0), 1234);
    CHECK(argument_number(2, 0), 0xBEEF);
    CHECK(cairn::argument(3), nullptr);
}
