#pragma once

#include "drover/actors/simulate.hpp"

#include <optional>
#include <ostream>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace drover::cli {

/// How training went at one moment of virtual time.
struct quality_point {
  double seconds = 0;
  double loss = 0;
  double accuracy = 0; ///< 0 … 1; not a number for a model that predicts numbers
};

/// One job under one consistency.
struct compared_run {
  std::string consistency;
  std::optional<simulate_result> result; ///< nothing where the simulation broke off
  std::string failure;                   ///< why it did, a sentence
  std::vector<quality_point> test;       ///< after epochs
  std::vector<quality_point> training;   ///< means since the point before
};

/// "bsp,ssp:2,asp", taken apart. Throws std::invalid_argument with a sentence for fewer than two, or one given twice,
/// be it written otherwise.
[[nodiscard]] std::vector<std::string> compared_consistencies(std::string_view list);

/// The job with another consistency, resolved.
[[nodiscard]] job with_consistency(const job& what, const std::string& consistency);

/// Throws std::invalid_argument as `simulate` does: that is wrong under each consistency. What else goes wrong is in
/// the result, beside the points until then.
[[nodiscard]] compared_run run_under(const job& what, const std::string& consistency, const sim::cluster& on,
                                     simulate_options options);

/// "failed", "diverged", "stopped" or "bound broken"; empty where the job completed and kept its promise.
[[nodiscard]] std::string mark_of(const compared_run& run);

/// Whether some accuracy is a number, or there is none yet: those are not of a model that predicts numbers, whose loss
/// is the mean squared error.
[[nodiscard]] bool have_classes(std::span<const compared_run> runs);

/// The best accuracy that all of the runs reached, but for those that failed or diverged; nothing where one was never
/// tested, or has no accuracy.
[[nodiscard]] std::optional<double> common_accuracy(const std::vector<compared_run>& runs);
/// Virtual time of the first test with that accuracy.
[[nodiscard]] std::optional<double> seconds_to(const compared_run& run, double accuracy);

/// A row for each run, with its mark at the end.
void print_comparison(std::ostream& out, const std::vector<compared_run>& runs);

/// Loss, and accuracy where there is one, against virtual time, a line for each run, marked in the legend, as an SVG
/// document.
[[nodiscard]] std::string comparison_picture(const std::vector<compared_run>& runs);

} // namespace drover::cli
