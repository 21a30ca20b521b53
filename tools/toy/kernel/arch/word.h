// The port contract of the toy: how wide a word is.
#pragma once

namespace arch {
extern const int kWordBits;
}
