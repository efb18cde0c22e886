#pragma once

#include "drover/actors/job.hpp"

#include <boost/program_options/options_description.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace drover::cli {

/// Columns of --help.
constexpr unsigned help_columns = 100;

/// Flags for those of a job's fields that `wanted` says yes to, under the schema's sections, each with its choices and
/// default.
[[nodiscard]] boost::program_options::options_description job_flags(const std::function<bool(const job_field&)>& wanted,
                                                                    bool with_defaults);

/// What stands on a command line, in its order, not interpreted yet.
struct command_line {
  struct flag {
    std::string name;  ///< without the dashes
    std::string value; ///< "true" where a switch stands alone
  };
  std::vector<std::string> files;
  std::vector<flag> flags;

  [[nodiscard]] bool has(const std::string& name) const;
};

/// Throws std::invalid_argument with a sentence for: a flag that `known` has not (names the nearest), one without its
/// value, one that is given twice, more than `files_max` arguments that are no flags.
[[nodiscard]] command_line parse(std::span<const std::string> arguments,
                                 const boost::program_options::options_description& known, std::size_t files_max);

/// Sets those of the flags that are a job's fields.
void apply(const command_line& line, job& target);

} // namespace drover::cli
