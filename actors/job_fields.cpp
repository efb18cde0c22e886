#include "drover/actors/job.hpp"
#include "drover/actors/job_schema.hpp"
#include "drover/actors/job_value.hpp"
#include "drover/models/nearest.hpp"

#include <stdexcept>

namespace drover {

namespace {

const schema_field& find_flag(std::string_view flag) {
  std::vector<std::string> flags;
  for (const auto& what : schema_fields()) {
    if (what.shown.flag == flag)
      return what;
    flags.push_back(what.shown.flag);
  }
  throw std::invalid_argument("there is no flag --" + std::string{flag} + ": did you mean --" + nearest(flag, flags) +
                              "?");
}

} // namespace

std::span<const job_field> job_fields() {
  static const auto fields = [] {
    std::vector<job_field> result;
    for (const auto& what : schema_fields())
      result.push_back(what.shown);
    return result;
  }();
  return fields;
}

void set_field(job& target, std::string_view flag, std::string_view value) {
  const auto& what = find_flag(flag);
  auto called = "--" + what.shown.flag;
  auto fields = target.edit();
  switch (what.type()) {
  case capnp::schema::Type::BOOL:
    if (value != "true" && value != "false")
      refuse_value(what, called, value);
    return set_switch(fields, what, value == "true");
  case capnp::schema::Type::ENUM:
    return set_choice(fields, what, called, value);
  case capnp::schema::Type::TEXT:
    return set_text(fields, what, called, value);
  default:
    return set_number(fields, what, called, value);
  }
}

} // namespace drover
