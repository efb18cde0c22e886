#include "tests/fuzz/read_everything.hpp"

#include <kj/exception.h>

#include <cstdint>

namespace drover::fuzz {

namespace {

void read_value(const capnp::DynamicValue::Reader& value) {
  // Volatile: a read that nobody uses is left out otherwise.
  volatile std::uint8_t seen = 0;
  switch (value.getType()) {
  case capnp::DynamicValue::TEXT:
    for (auto letter : value.as<capnp::Text>())
      seen = static_cast<std::uint8_t>(letter);
    break;
  case capnp::DynamicValue::DATA:
    for (auto byte : value.as<capnp::Data>())
      seen = byte;
    break;
  case capnp::DynamicValue::LIST:
    for (auto element : value.as<capnp::DynamicList>())
      read_value(element);
    break;
  case capnp::DynamicValue::STRUCT:
    read_everything(value.as<capnp::DynamicStruct>());
    break;
  default:
    break;
  }
  static_cast<void>(seen);
}

} // namespace

void read_everything(capnp::DynamicStruct::Reader source) {
  for (auto field : source.getSchema().getFields())
    // Of a union only the member that is set can be read.
    if (source.has(field))
      read_value(source.get(field));
}

bool is_readable(capnp::DynamicStruct::Reader source) {
  try {
    read_everything(source);
    return true;
  } catch (const kj::Exception&) {
    return false;
  }
}

} // namespace drover::fuzz
