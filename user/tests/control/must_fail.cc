// The grader's negative control: no kernel can make this pass, so one that seems to is lying.
#include "cairn/check.h"

TEST("Two different secret numbers are equal (they are not: this program must fail).") {
    CHECK(secret(0), secret(1));
}
