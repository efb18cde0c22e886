#include "drover/actors/core/json_value.hpp"

#include "drover/actors/core/field_rules.hpp"

#include <cmath>

namespace drover {

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
    return "the text \"" + shortened(view_of(value.getString())) + '"';
  case Value::ARRAY:
    return "an array";
  default: // calls are Cap'n Proto's own and no JSON
    return "an object";
  }
}

std::string shortened(std::string_view text) {
  constexpr std::size_t bytes_max = 60;
  return text.size() <= bytes_max ? std::string{text} : std::string{text.substr(0, bytes_max)} + "…";
}

} // namespace drover
