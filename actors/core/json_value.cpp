#include "drover/actors/core/json_value.hpp"

#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/core/json_escapes.hpp"
#include "drover/actors/core/json_syntax.hpp"
#include "drover/actors/core/printable.hpp"

#include <capnp/compat/json.h>

#include <cmath>

namespace drover {

std::vector<std::uint32_t> decode_json(std::string_view text, capnp::json::Value::Builder target) {
  auto lines = lines_of_json(text);
  auto plain = without_unicode_escapes(text);
  try {
    capnp::JsonCodec{}.decodeRaw({plain.data(), plain.size()}, target);
  } catch (const kj::Exception&) {
    throw json_error(1, "it cannot be read");
  }
  return lines;
}

bool is_exact_whole(double value) {
  return value >= 0 && value <= static_cast<double>(exact_number_max) && std::trunc(value) == value;
}

std::string in_words(capnp::json::Value::Reader value) {
  using capnp::json::Value;
  switch (value.which()) {
  case Value::NULL_:
    return "null";
  case Value::BOOLEAN:
    return value.getBoolean() ? "true" : "false";
  case Value::NUMBER:
    return plain_number(value.getNumber());
  case Value::STRING:
    return "the text \"" + printable(view_of(value.getString())) + '"';
  case Value::ARRAY:
    return "an array";
  default: // calls are Cap'n Proto's own and no JSON
    return "an object";
  }
}

} // namespace drover
