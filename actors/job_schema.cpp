#include "drover/actors/job_schema.hpp"

#include "drover/models/nearest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace drover {

namespace {

using capnp::schema::Type;

// Ids that the schema compiler made from the annotations' names.
const auto help_id = capnp::schemas::s_d754e1b1896cd3d7.id;
const auto section_id = capnp::schemas::s_a8b114da6dad9d9a.id;
const auto minimum_id = capnp::schemas::s_c9c9367d4968f7c4.id;
const auto maximum_id = capnp::schemas::s_dbd9cd55c58bc1e2.id;

std::string placeholder(const schema_field& what) {
  switch (what.type()) {
  case Type::BOOL:
    return "";
  case Type::ENUM:
    return "NAME";
  case Type::TEXT:
    return "TEXT";
  case Type::FLOAT64:
    return "X";
  default:
    return "N";
  }
}

std::string default_value(const schema_field& what, capnp::DynamicStruct::Reader defaults) {
  auto value = defaults.get(what.field);
  switch (what.type()) {
  case Type::BOOL:
    return value.as<bool>() ? "true" : "false";
  case Type::ENUM:
    return what.shown.choices.at(value.as<capnp::DynamicEnum>().getRaw());
  case Type::TEXT: {
    auto text = value.as<capnp::Text>();
    return {text.begin(), text.end()};
  }
  case Type::FLOAT64:
    return plain_number(value.as<double>());
  default:
    return std::to_string(value.as<std::uint64_t>());
  }
}

schema_field describe(capnp::StructSchema::Field field, capnp::DynamicStruct::Reader defaults, std::string& section) {
  schema_field result{field, {}, {}, {}};
  for (auto annotation : field.getProto().getAnnotations()) {
    auto value = annotation.getValue();
    if (annotation.getId() == help_id)
      result.shown.help = value.getText().cStr();
    else if (annotation.getId() == section_id)
      section = value.getText().cStr();
    else if (annotation.getId() == minimum_id)
      result.minimum = value.getFloat64();
    else if (annotation.getId() == maximum_id)
      result.maximum = value.getFloat64();
  }
  result.shown.name = field.getProto().getName().cStr();
  result.shown.flag = kebab_case(result.shown.name);
  result.shown.section = section;
  result.shown.is_switch = result.type() == Type::BOOL;
  if (result.type() == Type::ENUM)
    for (auto choice : field.getType().asEnum().getEnumerants())
      result.shown.choices.push_back(kebab_case(choice.getProto().getName().cStr()));
  result.shown.placeholder = placeholder(result);
  result.shown.default_value = default_value(result, defaults);
  return result;
}

} // namespace

std::span<const schema_field> schema_fields() {
  static const auto fields = [] {
    std::vector<schema_field> result;
    job defaults;
    std::string section;
    std::vector<capnp::StructSchema::Field> in_order;
    for (auto field : capnp::Schema::from<messages::Job>().getFields())
      in_order.push_back(field);
    std::ranges::sort(in_order, {}, [](const auto& field) { return field.getProto().getCodeOrder(); });
    for (auto field : in_order)
      result.push_back(describe(field, defaults.read(), section));
    return result;
  }();
  return fields;
}

const schema_field& find_field(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& what : schema_fields()) {
    if (what.shown.name == name)
      return what;
    names.push_back(what.shown.name);
  }
  throw std::invalid_argument("a job has no field " + std::string{name} + ": did you mean " + nearest(name, names) +
                              "?");
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

integer_limits integer_limits_of(const schema_field& what) {
  integer_limits result{0, what.type() == Type::UINT32 ? std::numeric_limits<std::uint32_t>::max()
                                                       : std::numeric_limits<std::uint64_t>::max()};
  if (what.minimum)
    result.smallest = static_cast<std::uint64_t>(*what.minimum);
  if (what.maximum)
    result.largest = static_cast<std::uint64_t>(*what.maximum);
  return result;
}

std::string allowed_values(const schema_field& what) {
  switch (what.type()) {
  case Type::BOOL:
    return "true or false";
  case Type::TEXT:
    return "a text";
  case Type::ENUM:
    return "one of " + joined(what.shown.choices);
  case Type::FLOAT64:
    if (what.minimum && what.maximum)
      return "a number from " + plain_number(*what.minimum) + " to " + plain_number(*what.maximum);
    return "a number";
  default: {
    auto limits = integer_limits_of(what);
    return "a whole number from " + std::to_string(limits.smallest) + " to " + std::to_string(limits.largest);
  }
  }
}

} // namespace drover
