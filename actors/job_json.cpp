#include "drover/actors/core/json_syntax.hpp"
#include "drover/actors/core/json_value.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_schema.hpp"
#include "drover/actors/job_value.hpp"

#include <capnp/compat/json.h>

#include <cstdint>
#include <set>
#include <stdexcept>

namespace drover {

namespace {

using capnp::json::Value;
using capnp::schema::Type;

void set_from_json(job& target, const schema_field& what, Value::Reader value) {
  auto fields = target.edit();
  const auto& name = what.shown.name;
  if (what.type() == Type::BOOL && value.isBoolean())
    return set_switch(fields, what, value.getBoolean());
  if (what.type() == Type::ENUM && value.isString())
    return set_choice(fields, what, name, view_of(value.getString()));
  if (what.type() == Type::TEXT && value.isString())
    return set_text(fields, what, name, view_of(value.getString()));
  if (what.type() == Type::UINT64 && value.isString())
    return set_number(fields, what, name, view_of(value.getString()));
  auto is_number = what.type() == Type::UINT32 || what.type() == Type::UINT64 || what.type() == Type::FLOAT64;
  if (!is_number || !value.isNumber())
    refuse_value(what, name, in_words(value));
  if (what.type() == Type::UINT64 && value.getNumber() > static_cast<double>(exact_number_max))
    throw std::invalid_argument(name + " is above " + std::to_string(exact_number_max) +
                                ", where JSON's numbers are not exact: write it in quotes");
  set_number(fields, what, name, plain_number(value.getNumber()));
}

void to_json_value(const schema_field& what, capnp::DynamicValue::Reader value, Value::Builder to) {
  switch (what.type()) {
  case Type::BOOL:
    return to.setBoolean(value.as<bool>());
  case Type::TEXT:
    return to.setString(value.as<capnp::Text>());
  case Type::ENUM: {
    // Null where the number is from a newer schema; `resolve` refuses it.
    KJ_IF_MAYBE (choice, value.as<capnp::DynamicEnum>().getEnumerant())
      to.setString(choice->getProto().getName());
    return;
  }
  case Type::FLOAT64:
    return to.setNumber(value.as<double>());
  default: {
    auto number = value.as<std::uint64_t>();
    if (number <= exact_number_max)
      to.setNumber(static_cast<double>(number));
    else
      to.setString(std::to_string(number));
  }
  }
}

} // namespace

job job_from_json(std::string_view text) {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<Value>();
  try {
    decode_json(text, root);
  } catch (const json_error& problem) {
    throw std::invalid_argument("this is not JSON in line " + std::to_string(problem.line()) + ": " + problem.what());
  }
  if (!root.isObject())
    throw std::invalid_argument("a job is a JSON object, { … }, and this is " + in_words(root));
  job result;
  std::set<std::string> seen;
  for (auto member : root.getObject().asReader()) {
    const auto& what = find_field(view_of(member.getName()));
    if (!seen.insert(what.shown.name).second)
      throw std::invalid_argument(what.shown.name + " is given twice");
    set_from_json(result, what, member.getValue());
  }
  return result;
}

std::string to_json(const job& source) {
  // The codec writes every name and value; one line a field is our taste, not its.
  capnp::JsonCodec codec;
  capnp::DynamicStruct::Reader values = source.read();
  std::string result = "{";
  for (const auto& what : schema_fields()) {
    capnp::MallocMessageBuilder arena;
    auto value = arena.initRoot<Value>();
    to_json_value(what, values.get(what.field), value);
    result += (result.size() == 1 ? "\n  \"" : ",\n  \"") + what.shown.name + "\": " + codec.encodeRaw(value).cStr();
  }
  return result + "\n}";
}

} // namespace drover
