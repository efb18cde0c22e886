#pragma once

#include "drover/actors/job.hpp"

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// A field of the `Job` struct with all that its schema says about it.
struct schema_field {
  capnp::StructSchema::Field field;
  job_field shown;
  std::optional<double> minimum;
  std::optional<double> maximum;

  [[nodiscard]] capnp::schema::Type::Which type() const { return field.getType().which(); }
};

/// All fields, in the schema's order. Made once, immutable; any thread may read.
[[nodiscard]] std::span<const schema_field> schema_fields();

/// The field with this name in a job file. Throws std::invalid_argument that names the nearest one.
[[nodiscard]] const schema_field& find_field(std::string_view name);

/// "learningRate" -> "learning-rate"
[[nodiscard]] std::string kebab_case(std::string_view camel);

/// A number as people write it: 1000000000 and 0.1, not 1e+09 and 0.10000000000000001.
[[nodiscard]] std::string plain_number(double value);

/// What a whole-number field allows: its type's range, narrowed by its limits.
struct integer_limits {
  std::uint64_t smallest;
  std::uint64_t largest;
};
[[nodiscard]] integer_limits integer_limits_of(const schema_field& what);

/// "a whole number from 1 to 4096", "one of sgd, adam", …: ends a sentence that refuses a value.
[[nodiscard]] std::string allowed_values(const schema_field& what);

} // namespace drover
