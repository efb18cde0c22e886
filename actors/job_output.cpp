#include "drover/actors/job_output.hpp"

#include "drover/actors/saved_model.hpp"

#include <stdexcept>
#include <utility>

namespace drover {

namespace {

// Parameters of epoch 0 after a failure are the initial ones: better than nothing, worse than any file that is there.
bool worth_saving(const train_result& result, const std::filesystem::path& file) {
  auto summary = result.summary.read();
  auto failed = summary->getOutcome() == messages::Summary::Outcome::FAILED ||
                summary->getOutcome() == messages::Summary::Outcome::DIVERGED;
  return result.parameters && !(failed && summary->getSavedEpoch() == 0 && std::filesystem::exists(file));
}

} // namespace

job_output::job_output(job what) : what_(std::move(what)), save_(what_.read().getSave().cStr()) {
  std::filesystem::path metrics{what_.read().getMetrics().cStr()};
  if (!save_.empty())
    check_save_place(save_);
  if (!metrics.empty())
    metrics_.emplace(metrics);
}

// A full disk under the metrics must not end the training.
template <class Line>
void job_output::write(Line line) {
  try {
    if (metrics_)
      metrics_->write(line);
  } catch (const std::runtime_error& problem) {
    problems_.emplace_back(problem.what());
    metrics_.reset();
  }
}

void job_output::record(messages::Progress::Reader progress) {
  write(progress);
}

void job_output::finish(train_result& result) {
  try {
    if (!save_.empty() && worth_saving(result, save_)) {
      save_model(save_, *result.parameters, what_);
      result.saved = save_.string();
    }
  } catch (const std::runtime_error& problem) {
    problems_.emplace_back(problem.what());
  }
  write(*result.summary.read());
  result.problems = std::move(problems_);
}

} // namespace drover
