#include "drover/actors/job_schema.hpp"

#include "drover/actors/core/printable.hpp"
#include "drover/models/nearest.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace drover {

namespace {

using capnp::schema::Type;

// Ids that the schema compiler made from the annotations' names.
const auto help_id = capnp::schemas::s_d754e1b1896cd3d7.id;
const auto section_id = capnp::schemas::s_a8b114da6dad9d9a.id;

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
  schema_field result{field, {}};
  for (auto annotation : field.getProto().getAnnotations()) {
    auto value = annotation.getValue();
    if (annotation.getId() == help_id)
      result.shown.help = value.getText().cStr();
    else if (annotation.getId() == section_id)
      section = value.getText().cStr();
  }
  result.shown.name = field.getProto().getName().cStr();
  result.shown.flag = kebab_case(result.shown.name);
  result.shown.section = section;
  result.shown.is_switch = result.type() == Type::BOOL;
  if (result.type() == Type::ENUM)
    result.shown.choices = choices_of(field);
  result.shown.placeholder = placeholder(result);
  result.shown.default_value = default_value(result, defaults);
  return result;
}

} // namespace

std::span<const schema_field> schema_fields() {
  static const auto fields = [] {
    job defaults;
    std::string section;
    std::vector<capnp::StructSchema::Field> in_order;
    for (auto field : capnp::Schema::from<messages::Job>().getFields())
      in_order.push_back(field);
    std::ranges::sort(in_order, {}, [](const auto& field) { return field.getProto().getCodeOrder(); });
    std::vector<schema_field> result;
    result.reserve(in_order.size());
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
  throw std::invalid_argument("a job has no field " + printable(name) + ": did you mean " +
                              nearest(printable(name), names) + "?");
}

} // namespace drover
