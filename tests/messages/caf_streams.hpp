#pragma once

// CAF's binary writer and reader outside of any actor system: 0.18.7 wants to be told that there is none, 1.x does not.

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/byte_buffer.hpp>
#include <caf/config.hpp>

#include <cstddef>

namespace drover::test {

#if CAF_MAJOR_VERSION >= 1

inline caf::binary_serializer writer_to(caf::byte_buffer& buffer) {
  return caf::binary_serializer{buffer};
}

inline caf::binary_deserializer reader_of(const void* data, std::size_t size) {
  return {data, size};
}

#else

inline caf::binary_serializer writer_to(caf::byte_buffer& buffer) {
  return {nullptr, buffer};
}

inline caf::binary_deserializer reader_of(const void* data, std::size_t size) {
  return {nullptr, data, size};
}

#endif

} // namespace drover::test
