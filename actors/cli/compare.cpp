#include "drover/actors/cli/compare.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/comparison.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/saved_model.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace drover::cli {

namespace {

// Whatever else is there may be what somebody needs: the job, the data, a model.
void check_picture_place(const std::string& file) {
  check_save_place(file);
  std::ifstream in{file, std::ios::binary};
  std::string begin(5, '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (in.gcount() > 0 && begin != "<?xml")
    throw std::runtime_error("cannot write " + file + ": something else than a picture is there");
}

void write_picture(const std::string& file, const std::string& document) {
  errno = 0;
  std::ofstream out{file, std::ios::binary};
  out << document;
  if (!out.flush())
    throw std::runtime_error("cannot write " + file + ": " + std::generic_category().message(errno));
}

/// Says what kept a run from completing. A job whose time was up did what it was asked to.
bool went_well(const compared_run& run) {
  auto summary = run.result.trained.summary.read();
  auto sentence = complaint(*summary, "");
  auto was_stopped = summary->getOutcome() == messages::Summary::Outcome::STOPPED;
  if (!sentence || (was_stopped && run.result.measures.out_of_time))
    return true;
  std::cerr << "drover: " << run.consistency << ": " << *sentence << std::endl;
  return false;
}

} // namespace

int compare_and_report(const comparison_settings& settings) {
  if (!settings.picture.empty())
    check_picture_place(settings.picture);
  interrupt signals;
  auto data = load_data(settings.what); // once for all
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
