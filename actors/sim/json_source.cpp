#include "drover/actors/sim/json_source.hpp"

#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/core/json_syntax.hpp"
#include "drover/actors/core/json_value.hpp"
#include "drover/actors/core/printable.hpp"
#include "drover/actors/core/text_file.hpp"
#include "drover/actors/sim/json_lines.hpp"
#include "drover/messages/cluster.capnp.h"
#include "drover/models/nearest.hpp"

#include <capnp/message.h>

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace drover::sim {

namespace {

using capnp::json::Value;

// Id that the schema compiler made from the annotation's name.
const auto required_id = capnp::schemas::s_dbd4f5f02f94b29a.id;

} // namespace

/// One pass over the values, in the order of the text.
class json_source::walk {
public:
  walk(json_source& source, json_lines lines) : source_(source), lines_(std::move(lines)) {}

  void read_whole(capnp::DynamicStruct::Builder target, Value::Reader value) {
    source_.lines_.emplace("", lines_.take());
    read_struct(target, value, "");
  }

private:
  /// The line of the struct itself is known already.
  void read_struct(capnp::DynamicStruct::Builder target, Value::Reader value, const std::string& path) {
    std::set<std::string_view> seen;
    for (auto member : value.getObject()) {
      auto line = lines_.take();
      auto field = find(target.getSchema(), view_of(member.getName()), path, line);
      std::string_view name = field.getProto().getName().cStr();
      auto inside = path.empty() ? std::string{name} : path + '.' + std::string{name};
      if (!seen.insert(name).second)
        source_.refuse(inside, "is given twice, the second time in line " + std::to_string(line));
      source_.lines_.emplace(inside, line);
      static_cast<void>(lines_.take()); // the value's: a field is where its name is
      read_field(target, field, member.getValue(), inside);
    }
    for (auto field : target.getSchema().getFields())
      if (is_required(field) && !seen.contains(field.getProto().getName().cStr()))
        source_.refuse(path, std::string{"has no "} + field.getProto().getName().cStr() + ", and needs one");
  }

  capnp::StructSchema::Field find(capnp::StructSchema schema, std::string_view name, const std::string& path,
                                  std::size_t line) {
    std::vector<std::string> names;
    for (auto field : schema.getFields()) {
      names.emplace_back(field.getProto().getName().cStr());
      if (names.back() == name)
        return field;
    }
    // The line of the name, which the struct's own may not be.
    source_.lines_.insert_or_assign(path, line);
    source_.refuse(path, "has no field " + printable(name) + ": did you mean " + nearest(printable(name), names) + "?");
  }

  [[noreturn]] void refuse_value(capnp::StructSchema::Field field, const std::string& path, const std::string& value) {
    source_.refuse(path, "is " + value + ": allowed is " + allowed_values(field));
  }

  void read_field(capnp::DynamicStruct::Builder target, capnp::StructSchema::Field field, Value::Reader value,
                  const std::string& path) {
    auto type = field.getType();
    if (type.isText() && value.isString())
      return target.set(field, text_of(value, path));
    if (type.isBool() && value.isBoolean())
      return target.set(field, value.getBoolean());
    if (type.isEnum() && value.isString())
      return read_choice(target, field, view_of(value.getString()), path);
    if (type.isFloat64() && value.isNumber() && allows(field, value.getNumber()))
      return target.set(field, value.getNumber());
    if ((type.isUInt32() || type.isUInt64()) && value.isNumber() && is_exact_whole(value.getNumber()) &&
        allows(field, static_cast<std::uint64_t>(value.getNumber())))
      return target.set(field, static_cast<std::uint64_t>(value.getNumber()));
    // `get`, not `init`: what the text does not give keeps the default of this field.
    if (type.isStruct() && value.isObject())
      return read_struct(target.get(field).as<capnp::DynamicStruct>(), value, path);
    if (type.isList() && value.isArray())
      return read_list(target, field, value.getArray(), path);
    refuse_value(field, path, in_words(value));
  }

  capnp::Text::Reader text_of(Value::Reader value, const std::string& path) {
    auto text = value.getString();
    if (view_of(text).find('\0') != std::string_view::npos)
      source_.refuse(path, "contains a character of value 0, which no text may");
    return text;
  }

  void read_choice(capnp::DynamicStruct::Builder target, capnp::StructSchema::Field field, std::string_view name,
                   const std::string& path) {
    for (auto choice : field.getType().asEnum().getEnumerants()) {
      std::string_view camel = choice.getProto().getName().cStr();
      if (name == camel || name == kebab_case(camel))
        return target.set(field, capnp::DynamicEnum{choice});
    }
    auto value = name.empty() ? "empty" : printable(name);
    source_.refuse(path, "is " + value + ": did you mean " + nearest(printable(name), choices_of(field)) +
                             "? Allowed is " + allowed_values(field));
  }

  void read_list(capnp::DynamicStruct::Builder target, capnp::StructSchema::Field field,
                 capnp::List<Value>::Reader values, const std::string& path) {
    if (values.size() > elements_max)
      source_.refuse(path, "has " + std::to_string(values.size()) + " elements: allowed are at most " +
                               std::to_string(elements_max));
    auto of_texts = field.getType().asList().getElementType().isText();
    auto list = target.init(field, values.size()).as<capnp::DynamicList>();
    for (unsigned i = 0; i < values.size(); ++i) {
      auto element = path + '[' + std::to_string(i) + ']';
      source_.lines_.emplace(element, lines_.take());
      if (of_texts && values[i].isString()) {
        list.set(i, text_of(values[i], element));
      } else if (!of_texts && values[i].isObject()) {
        read_struct(list[i].as<capnp::DynamicStruct>(), values[i], element);
      } else {
        source_.refuse(element,
                       "is " + in_words(values[i]) + ": allowed is " + (of_texts ? "a text" : "an object, { … }"));
      }
    }
  }

  json_source& source_;
  json_lines lines_;
};

json_source::json_source(std::string name, std::string thing, std::string text)
    : name_(std::move(name)), thing_(std::move(thing)), text_(std::move(text)) {
  if (text_.size() > bytes_max)
    throw std::invalid_argument(name_ + ": " + too_long(bytes_max, thing_));
}

json_source json_source::from_file(const std::filesystem::path& file, std::string thing) {
  try {
    auto text = read_text_file(file, bytes_max, thing);
    return {file.string(), std::move(thing), std::move(text)};
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument(file.string() + ": " + problem.what());
  }
}

void json_source::read_into(capnp::DynamicStruct::Builder target) {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<Value>();
  std::vector<std::uint32_t> lines;
  try {
    lines = decode_json(text_, root);
  } catch (const json_error& problem) {
    throw std::invalid_argument(name_ + ", line " + std::to_string(problem.line()) +
                                ": this is not JSON: " + problem.what());
  }
  if (!root.isObject())
    throw std::invalid_argument(name_ + ": " + thing_ + " is a JSON object, { … }, and this is " +
                                in_words(root.asReader()));
  walk{*this, json_lines{std::move(lines)}}.read_whole(target, root.asReader());
}

std::string json_source::place_of(const std::string& path) const {
  auto at = path;
  auto found = lines_.find(at);
  while (found == lines_.end() && !at.empty()) {
    auto cut = at.find_last_of(".[");
    at.resize(cut == std::string::npos ? 0 : cut);
    found = lines_.find(at);
  }
  auto line = found == lines_.end() ? 1 : found->second;
  return name_ + ", line " + std::to_string(line) + ": " + (path.empty() ? thing_ : path);
}

void json_source::refuse(const std::string& path, const std::string& why) const {
  throw std::invalid_argument(place_of(path) + ' ' + why);
}

bool is_required(capnp::StructSchema::Field field) {
  for (auto annotation : field.getProto().getAnnotations())
    if (annotation.getId() == required_id)
      return true;
  return false;
}

} // namespace drover::sim
