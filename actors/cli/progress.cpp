#include "drover/actors/cli/progress.hpp"

#include "drover/actors/cli/format.hpp"

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace drover::cli {

namespace {

constexpr std::size_t bar_columns_max = 30;
constexpr std::size_t bar_columns_min = 5;
constexpr auto clear_line = "\r\x1b[K";

/// Between reports where nothing can be drawn over.
constexpr double quiet_seconds = 10;

std::string bar(double fraction, std::size_t columns) {
  auto filled = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(columns));
  return '[' + std::string(filled, '#') + std::string(columns - filled, '.') + "] ";
}

/// The bar takes what the report leaves, or nothing where that is too little.
std::string fitted(double fraction, const std::string& report, std::size_t columns) {
  constexpr std::size_t brackets = 3;
  auto needed = report.size() + brackets;
  if (columns < needed + bar_columns_min)
    return report.substr(0, columns);
  return bar(fraction, std::min(columns - needed, bar_columns_max)) + report;
}

std::string epoch_text(messages::Progress::Reader progress) {
  auto all = std::to_string(progress.getEpochs());
  return "epoch " + right(std::to_string(progress.getEpoch()), all.size()) + "/" + all;
}

std::string staleness_text(messages::Progress::Reader progress) {
  auto result =
      "staleness " + fixed(progress.getStalenessMean(), 1) + " max " + std::to_string(progress.getStalenessMax());
  auto promised = progress.getStaleness();
  return result + (promised.isBound() ? "/" + std::to_string(promised.getBound()) : "");
}

} // namespace

std::string progress_text(messages::Progress::Reader progress) {
  auto result = epoch_text(progress) + "  " + fixed(progress.getSamplesPerSecond(), 0) + "/s  " +
                short_quality(progress.getLoss(), progress.getAccuracy()) + "  " + staleness_text(progress);
  if (progress.getSecondsLeft() > 0)
    result += "  " + duration(progress.getSecondsLeft()) + " left";
  return result;
}

void progress_view::show(messages::Progress::Reader progress) {
  if (progress.getTest().isResult()) {
    show_epoch(progress);
  } else if (columns_ > 0) {
    // One column stays free, else terminals begin a new line.
    out_ << clear_line << fitted(progress.getFraction(), progress_text(progress), columns_ - 1) << std::flush;
    drawn_ = true;
  } else if (progress.getSeconds() >= last_seconds_ + quiet_seconds) {
    out_ << right(percent(progress.getFraction()), 8) << "  " << progress_text(progress) << std::endl;
    last_seconds_ = progress.getSeconds();
  }
}

void progress_view::show_epoch(messages::Progress::Reader progress) {
  finish();
  auto test = progress.getTest().getResult();
  out_ << epoch_text(progress) << "  " << right(duration(progress.getSeconds()), 10) << "  train "
       << quality(progress.getLoss(), progress.getAccuracy()) << "  test "
       << quality(test.getLoss(), test.getAccuracy()) << std::endl;
  last_seconds_ = progress.getSeconds();
}

void progress_view::finish() {
  if (drawn_)
    out_ << clear_line << std::flush;
  drawn_ = false;
}

std::size_t terminal_columns() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0)
    return 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}

} // namespace drover::cli
