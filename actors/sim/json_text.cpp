#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/sim/json_source.hpp"

#include <capnp/compat/json.h>

#include <vector>

namespace drover::sim {

namespace {

using capnp::DynamicValue;

constexpr std::size_t line_max = 116;

std::string quoted(std::string_view text) {
  capnp::MallocMessageBuilder arena;
  auto value = arena.initRoot<capnp::json::Value>();
  std::string terminated{text};
  value.setString({terminated.c_str(), terminated.size()});
  return capnp::JsonCodec{}.encodeRaw(value).cStr();
}

/// In one line where all of it fits, else one line a part.
std::string bracketed(char open, const std::vector<std::string>& parts, char close, std::size_t indent) {
  std::size_t bytes = indent;
  auto fits = true;
  for (const auto& part : parts) {
    bytes += part.size() + 2;
    fits = fits && part.find('\n') == std::string::npos;
  }
  fits = fits && bytes <= line_max;
  auto between = fits ? std::string{} : '\n' + std::string(indent + 2, ' ');
  std::string result{open};
  for (const auto& part : parts)
    result += (result.size() == 1 ? "" : fits ? ", " : ",") + between + part;
  return result + (fits ? "" : '\n' + std::string(indent, ' ')) + close;
}

std::string text_of(DynamicValue::Reader value, bool complete, std::size_t indent);

/// `complete`: fields with their type's default are written, too.
std::string text_of(capnp::DynamicStruct::Reader source, bool complete, std::size_t indent) {
  std::vector<std::string> parts;
  for (auto field : source.getSchema().getFields()) {
    auto type = field.getType();
    auto is_pointer = type.isStruct() || type.isList() || type.isText();
    if (!source.has(field, capnp::HasMode::NON_DEFAULT) && !is_required(field) && (is_pointer || !complete))
      continue;
    // A struct with a default of its own is read into that default: each field in it must be said.
    auto has_default = type.isStruct() && field.getProto().getSlot().getHadExplicitDefault();
    parts.push_back(quoted(field.getProto().getName().cStr()) + ": " +
                    text_of(source.get(field), has_default, indent + 2));
  }
  return bracketed('{', parts, '}', indent);
}

std::string text_of(DynamicValue::Reader value, bool complete, std::size_t indent) {
  switch (value.getType()) {
  case DynamicValue::BOOL:
    return value.as<bool>() ? "true" : "false";
  case DynamicValue::TEXT: {
    auto text = value.as<capnp::Text>();
    return quoted({text.begin(), text.size()});
  }
  case DynamicValue::ENUM: {
    KJ_IF_MAYBE (choice, value.as<capnp::DynamicEnum>().getEnumerant())
      return quoted(choice->getProto().getName().cStr());
    return "null";
  }
  case DynamicValue::STRUCT:
    return text_of(value.as<capnp::DynamicStruct>(), complete, indent);
  case DynamicValue::LIST: {
    std::vector<std::string> parts;
    for (auto element : value.as<capnp::DynamicList>())
      parts.push_back(text_of(element, false, indent + 2));
    return bracketed('[', parts, ']', indent);
  }
  default:
    return plain_number(value.as<double>());
  }
}

} // namespace

std::string json_text(capnp::DynamicStruct::Reader source) {
  return text_of(source, false, 0) + '\n';
}

} // namespace drover::sim
