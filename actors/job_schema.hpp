#pragma once

#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/job.hpp"

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// A field of the `Job` struct with all that its schema says about it.
struct schema_field {
  capnp::StructSchema::Field field;
  job_field shown;

  [[nodiscard]] capnp::schema::Type::Which type() const { return field.getType().which(); }
};

/// All fields, in the schema's order. Made once, immutable; any thread may read.
[[nodiscard]] std::span<const schema_field> schema_fields();

/// The field with this name in a job file. Throws std::invalid_argument that names the nearest one.
[[nodiscard]] const schema_field& find_field(std::string_view name);

} // namespace drover
