#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace drover::test {

/// A value that R has written, as far as data frames need it: one of the vectors is filled, by its type.
struct r_value {
  std::vector<std::int32_t> integers; ///< and truth values, and levels of factors
  std::vector<double> reals;
  std::vector<std::string> strings; ///< one that is missing is "NA"
  std::vector<r_value> parts;       ///< of a list
  std::map<std::string, r_value> attributes;

  /// A part by its name. Throws std::runtime_error where there is none.
  [[nodiscard]] const r_value& at(const std::string& name) const;
};

/// Takes what R's serialize(3) wrote, binary in big-endian order (versions 2 and 3). Throws std::runtime_error for what
/// is damaged or of a type that data frames do not have.
[[nodiscard]] r_value decode_r_value(const std::string& bytes);

/// MovieLens' small data set of 2016 as the R package dslabs (Debian's r-cran-dslabs) has it.
struct movielens_ratings {
  std::vector<std::int32_t> users;
  std::vector<std::int32_t> movies;
  std::vector<double> ratings;
};

/// Nothing where the package is not installed.
[[nodiscard]] std::optional<movielens_ratings>
find_movielens(const std::filesystem::path& data = "/usr/lib/R/site-library/dslabs/data");

} // namespace drover::test
