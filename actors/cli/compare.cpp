#include "drover/actors/cli/compare.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/comparison.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/saved_model.hpp"
#include "drover/actors/saved_model_file.hpp"
#include "drover/models/data/replacement_file.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <span>
#include <stdexcept>
#include <system_error>

namespace drover::cli {

namespace {

// The head of an SVG file has room here for a document type before the first element.
constexpr std::uint64_t picture_head_bytes = 256;

// An empty file is nothing to lose.
bool is_picture_or_empty(const std::string& file) {
  input_file in{file};
  std::string head(std::min(in.size(), picture_head_bytes), '\0');
  in.read(0, std::as_writable_bytes(std::span{head}));
  return head.empty() || (head.starts_with("<?xml") && head.find("<svg") != std::string::npos);
}

// Whatever else is there may be what somebody needs: the job, the data, a model.
void check_picture_place(const std::string& file) {
  check_save_place(file);
  std::error_code unknown; // saving says what is wrong then
  if (std::filesystem::exists(file, unknown) && !is_picture_or_empty(file))
    throw std::runtime_error("cannot write " + file + ": something else than a picture is there");
}

void write_picture(const std::string& file, const std::string& document) {
  replacement_file out{file};
  out.write(std::as_bytes(std::span{document}));
  out.commit();
}

/// Says what kept a run from completing. A job whose time was up did what it was asked to.
bool went_well(const compared_run& run) {
  if (!run.result) {
    std::cerr << "drover: " << run.consistency << " failed: " << run.failure << std::endl;
    return false;
  }
  auto summary = run.result->trained.summary.read();
  auto sentence = complaint(*summary, "");
  auto was_stopped = summary->getOutcome() == messages::Summary::Outcome::STOPPED;
  if (!sentence || (was_stopped && run.result->measures.out_of_time))
    return true;
  std::cerr << "drover: " << run.consistency << ": " << *sentence << std::endl;
  return false;
}

} // namespace

int compare_and_report(const comparison_settings& settings) {
  if (!settings.picture.empty())
    check_picture_place(settings.picture);
  interrupt signals;
  auto data = load_data(settings.what, standard_models()); // once for all
  for (const auto& note : data.notes)
    std::cerr << "drover: " << note << std::endl;
  std::vector<compared_run> runs;
  auto code = exit_code::completed;
  for (const auto& consistency : settings.consistencies) {
    std::cout << consistency << std::endl;
    progress_view view{std::cout, terminal_columns()};
    simulate_options how;
    how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
    how.data = data;
    how.stop = signals.token();
    how.seconds_max = settings.seconds_max;
    runs.push_back(run_under(settings.what, consistency, settings.on, std::move(how)));
    view.finish();
    if (!went_well(runs.back()))
      code = exit_code::failed;
    if (signals.token().stop_requested())
      break;
  }
  print_comparison(std::cout, runs);
  if (!settings.picture.empty())
    write_picture(settings.picture, comparison_picture(runs));
  return signals.token().stop_requested() ? exit_code::interrupted : code;
}

} // namespace drover::cli
