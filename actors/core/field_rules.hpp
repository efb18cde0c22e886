#pragma once

#include <capnp/schema.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

// What a schema says of a field beside its type, by the annotations of job.capnp: the one place that every reader of a
// text from outside asks, whether it is a job or a cluster, a file or a flag.

struct field_limits {
  std::optional<double> minimum;
  std::optional<double> maximum;
};
[[nodiscard]] field_limits limits_of(capnp::StructSchema::Field field);

/// What a whole-number field allows: its type's range, narrowed by its limits.
struct integer_limits {
  std::uint64_t smallest;
  std::uint64_t largest;
};
[[nodiscard]] integer_limits integer_limits_of(capnp::StructSchema::Field field);

/// False for what is not finite.
[[nodiscard]] bool allows(capnp::StructSchema::Field field, double value);
[[nodiscard]] bool allows(capnp::StructSchema::Field field, std::uint64_t value);

/// The names of an enum field's values, in kebab-case.
[[nodiscard]] std::vector<std::string> choices_of(capnp::StructSchema::Field field);

/// "a whole number from 1 to 4096", "one of sgd, adam", …: ends a sentence that refuses a value.
[[nodiscard]] std::string allowed_values(capnp::StructSchema::Field field);

/// "learningRate" -> "learning-rate"
[[nodiscard]] std::string kebab_case(std::string_view camel);

/// A number as people write it: 1000000000 and 0.1, not 1e+09 and 0.10000000000000001.
[[nodiscard]] std::string plain_number(double value);

} // namespace drover
