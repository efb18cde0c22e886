#pragma once

#include "drover/actors/cli/flags.hpp"
#include "drover/actors/saved_model.hpp"
#include "drover/gpu/device.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/model.hpp"

#include <boost/program_options/options_description.hpp>

#include <memory>
#include <string>

namespace drover::cli {

// What the subcommands that use a saved model have in common.

/// --load, the flags of a job that say what to test on, and --help.
[[nodiscard]] boost::program_options::options_description loaded_model_flags();

/// The model that --load names. Throws std::invalid_argument with a sentence where it is not given; `verb`: what there
/// is no model to do with.
[[nodiscard]] saved_model load_model(const command_line& line, const std::string& verb);

/// A saved model with samples to test it on.
struct loaded_model {
  saved_model saved;
  std::shared_ptr<const dataset> samples;
  sample_kind kind = sample_kind::features;
  std::unique_ptr<gpu::device> device;
  std::unique_ptr<model> learned; ///< computes on the device
  model_snapshot parameters;
};

/// What is not given is as in the job that trained the model.
[[nodiscard]] loaded_model load_for_test(const command_line& line, const std::string& verb);

} // namespace drover::cli
