#include "drover/actors/cli/progress.hpp"

#include <capnp/message.h>
#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <sstream>
#include <string>

namespace {

using drover::cli::progress_view;

void show(progress_view& view, double seconds, const std::function<void(drover::messages::Progress::Builder)>& change) {
  capnp::MallocMessageBuilder arena;
  auto progress = arena.initRoot<drover::messages::Progress>();
  progress.setEpoch(3);
  progress.setEpochs(10);
  progress.setFraction(0.35);
  progress.setSeconds(seconds);
  progress.setSecondsLeft(75);
  progress.setSamplesPerSecond(12345);
  progress.setLoss(0.25);
  progress.setAccuracy(0.5);
  progress.setStalenessMean(1.5);
  progress.setStalenessMax(4);
  progress.getStaleness().setBound(6);
  change(progress);
  view.show(progress.asReader());
}

void between_epochs(drover::messages::Progress::Builder) {}

void end_of_epoch(drover::messages::Progress::Builder progress) {
  progress.getTest().initResult().setLoss(0.75);
  progress.getTest().getResult().setAccuracy(0.125);
}

const std::string report = "epoch  3/10  12345/s  loss 0.2500  50.00 %  staleness 1.5 max 4/6  1 min 15 s left";
const std::string epoch =
    "epoch  3/10      1.00 s  train loss 0.2500, accuracy 50.00 %  test loss 0.7500, accuracy 12.50 %\n";

} // namespace

TEST_CASE("a terminal has one line that is drawn over and over, and loses it at the end") {
  std::ostringstream out;
  progress_view view{out, 96};
  show(view, 0.5, between_epochs);
  CHECK(out.str() == "\r\x1b[K[###.......] " + report);
  view.finish();
  CHECK(out.str() == "\r\x1b[K[###.......] " + report + "\r\x1b[K");
}

TEST_CASE("a narrow terminal gets no bar, and no line that is wider than itself") {
  std::ostringstream out;
  progress_view view{out, 40};
  show(view, 0.5, between_epochs);
  CHECK(out.str() == "\r\x1b[K" + report.substr(0, 39));
}

TEST_CASE("a completed epoch has a line that stays") {
  std::ostringstream out;
  progress_view view{out, 40};
  show(view, 0.5, between_epochs);
  show(view, 1, end_of_epoch);
  CHECK(out.str() == "\r\x1b[K" + report.substr(0, 39) + "\r\x1b[K" + epoch);
}

TEST_CASE("elsewhere there is a line for an epoch, and between them one in ten seconds") {
  std::ostringstream out;
  progress_view view{out, 0};
  show(view, 0.5, between_epochs);
  CHECK(out.str().empty());
  show(view, 1, end_of_epoch);
  show(view, 10.9, between_epochs);
  CHECK(out.str() == epoch);
  show(view, 11, between_epochs);
  show(view, 12, between_epochs);
  CHECK(out.str() == epoch + " 35.00 %  " + report + "\n");
}

TEST_CASE("a job without a bound, and numbers that are not finite, are shown as such") {
  std::ostringstream out;
  progress_view view{out, 0};
  show(view, 20, [](drover::messages::Progress::Builder progress) {
    progress.getStaleness().setUnbounded();
    progress.setLoss(std::numeric_limits<double>::quiet_NaN());
    progress.setSecondsLeft(0);
  });
  CHECK(out.str() == " 35.00 %  epoch  3/10  12345/s  loss -  50.00 %  staleness 1.5 max 4\n");
}
