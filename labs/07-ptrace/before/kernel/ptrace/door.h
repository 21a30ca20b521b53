// The closed door of lab ptrace: no thread is traced.
#pragma once

namespace ptrace {

struct ThreadPart {};

}  // namespace ptrace
