#include "drover/actors/job_value.hpp"

#include "drover/actors/core/printable.hpp"
#include "drover/models/nearest.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace drover {

namespace {

using capnp::schema::Type;

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number result{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return result;
}

} // namespace

void refuse_value(const schema_field& what, std::string_view called, std::string_view written) {
  auto value = written.empty() ? "empty" : std::string{written};
  throw std::invalid_argument(std::string{called} + " is " + value + ": allowed is " + allowed_values(what.field));
}

void set_number(messages::Job::Builder target, const schema_field& what, std::string_view called,
                std::string_view written) {
  capnp::DynamicStruct::Builder fields = target;
  if (what.type() == Type::FLOAT64) {
    auto value = parse<double>(written);
    if (!value || !allows(what.field, *value))
      refuse_value(what, called, printable(written));
    fields.set(what.field, *value);
  } else {
    auto value = parse<std::uint64_t>(written);
    if (!value || !allows(what.field, *value))
      refuse_value(what, called, printable(written));
    fields.set(what.field, *value);
  }
}

void set_choice(messages::Job::Builder target, const schema_field& what, std::string_view called,
                std::string_view name) {
  for (auto choice : what.field.getType().asEnum().getEnumerants()) {
    std::string_view camel = choice.getProto().getName().cStr();
    if (name == camel || name == kebab_case(camel)) {
      capnp::DynamicStruct::Builder{target}.set(what.field, capnp::DynamicEnum{choice});
      return;
    }
  }
  auto value = name.empty() ? "empty" : printable(name);
  throw std::invalid_argument(std::string{called} + " is " + value + ": did you mean " +
                              nearest(value, what.shown.choices) + "? Allowed is " + allowed_values(what.field));
}

void set_text(messages::Job::Builder target, const schema_field& what, std::string_view called, std::string_view text) {
  // It would end a path early, without a word.
  if (text.find('\0') != std::string_view::npos)
    throw std::invalid_argument(std::string{called} + " contains a character of value 0, which no text may");
  std::string terminated{text};
  capnp::DynamicStruct::Builder{target}.set(what.field, capnp::Text::Reader{terminated.c_str(), terminated.size()});
}

void set_switch(messages::Job::Builder target, const schema_field& what, bool value) {
  capnp::DynamicStruct::Builder{target}.set(what.field, value);
}

void check_limits(messages::Job::Reader fields) {
  capnp::DynamicStruct::Reader values = fields;
  for (const auto& what : schema_fields()) {
    auto value = values.get(what.field);
    if (what.type() == Type::FLOAT64 && !allows(what.field, value.as<double>()))
      refuse_value(what, what.shown.name, plain_number(value.as<double>()));
    if ((what.type() == Type::UINT32 || what.type() == Type::UINT64) && !allows(what.field, value.as<std::uint64_t>()))
      refuse_value(what, what.shown.name, std::to_string(value.as<std::uint64_t>()));
    if (what.type() == Type::ENUM && value.as<capnp::DynamicEnum>().getRaw() >= what.shown.choices.size())
      refuse_value(what, what.shown.name, "number " + std::to_string(value.as<capnp::DynamicEnum>().getRaw()));
  }
}

} // namespace drover
