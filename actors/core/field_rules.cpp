#include "drover/actors/core/field_rules.hpp"

#include "drover/messages/job.capnp.h"
#include "drover/models/nearest.hpp"

#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

namespace drover {

namespace {

using capnp::schema::Type;

// Ids that the schema compiler made from the annotations' names.
const auto minimum_id = capnp::schemas::s_c9c9367d4968f7c4.id;
const auto maximum_id = capnp::schemas::s_dbd9cd55c58bc1e2.id;

} // namespace

field_limits limits_of(capnp::StructSchema::Field field) {
  field_limits result;
  for (auto annotation : field.getProto().getAnnotations()) {
    if (annotation.getId() == minimum_id)
      result.minimum = annotation.getValue().getFloat64();
    else if (annotation.getId() == maximum_id)
      result.maximum = annotation.getValue().getFloat64();
  }
  return result;
}

integer_limits integer_limits_of(capnp::StructSchema::Field field) {
  integer_limits result{0, field.getType().which() == Type::UINT32 ? std::numeric_limits<std::uint32_t>::max()
                                                                   : std::numeric_limits<std::uint64_t>::max()};
  auto limits = limits_of(field);
  if (limits.minimum)
    result.smallest = static_cast<std::uint64_t>(*limits.minimum);
  if (limits.maximum)
    result.largest = static_cast<std::uint64_t>(*limits.maximum);
  return result;
}

bool allows(capnp::StructSchema::Field field, double value) {
  auto limits = limits_of(field);
  return std::isfinite(value) && !(limits.minimum && value < *limits.minimum) &&
         !(limits.maximum && value > *limits.maximum);
}

bool allows(capnp::StructSchema::Field field, std::uint64_t value) {
  auto limits = integer_limits_of(field);
  return value >= limits.smallest && value <= limits.largest;
}

std::vector<std::string> choices_of(capnp::StructSchema::Field field) {
  std::vector<std::string> result;
  for (auto choice : field.getType().asEnum().getEnumerants())
    result.push_back(kebab_case(choice.getProto().getName().cStr()));
  return result;
}

std::string allowed_values(capnp::StructSchema::Field field) {
  switch (field.getType().which()) {
  case Type::BOOL:
    return "true or false";
  case Type::TEXT:
    return "a text";
  case Type::ENUM:
    return "one of " + joined(choices_of(field));
  case Type::LIST:
    return "an array, [ … ]";
  case Type::STRUCT:
    return "an object, { … }";
  case Type::FLOAT64: {
    auto limits = limits_of(field);
    if (limits.minimum && limits.maximum)
      return "a number from " + plain_number(*limits.minimum) + " to " + plain_number(*limits.maximum);
    return "a number";
  }
  default: {
    auto limits = integer_limits_of(field);
    return "a whole number from " + std::to_string(limits.smallest) + " to " + std::to_string(limits.largest);
  }
  }
}

std::string kebab_case(std::string_view camel) {
  std::string result;
  for (char letter : camel) {
    if (letter >= 'A' && letter <= 'Z') {
      result += '-';
      letter = static_cast<char>(letter - 'A' + 'a');
    }
    result += letter;
  }
  return result;
}

std::string plain_number(double value) {
  char text[64];
  auto whole = std::trunc(value) == value && std::abs(value) < 1e15;
  auto end = whole ? std::to_chars(text, std::end(text), static_cast<std::int64_t>(value)).ptr
                   : std::to_chars(text, std::end(text), value).ptr;
  return {text, end};
}

} // namespace drover
