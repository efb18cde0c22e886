#pragma once

#include <capnp/dynamic.h>

namespace drover::fuzz {

/// Reads every field of a struct and of all that it points to, bytes of texts and data included. Throws kj::Exception
/// where a pointer leads nowhere.
void read_everything(capnp::DynamicStruct::Reader source);

/// The same, and says whether it all could be read.
[[nodiscard]] bool is_readable(capnp::DynamicStruct::Reader source);

} // namespace drover::fuzz
