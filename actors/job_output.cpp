#include "drover/actors/job_output.hpp"

#include "drover/actors/saved_model.hpp"

#include <stdexcept>
#include <system_error>
#include <utility>

namespace drover {

namespace {

// The shards tell of a job that another trainer began as well.
bool is_trained(messages::Summary::Reader summary) {
  auto result = summary.getSamples() > 0;
  for (auto shard : summary.getShards())
    result = result || shard.getVersion() > 0;
  return result;
}

// The initial parameters are better than nothing, worse than any file that is there: those of a job that was stopped
// before its first step, and those of epoch 0 after a failure.
bool worth_saving(const train_result& result, const std::filesystem::path& file) {
  auto summary = result.summary.read();
  auto failed = summary->getOutcome() == messages::Summary::Outcome::FAILED ||
                summary->getOutcome() == messages::Summary::Outcome::DIVERGED;
  auto untrained = !is_trained(*summary) || (failed && summary->getSavedEpoch() == 0);
  std::error_code unknown; // saving says what is wrong then
  return result.parameters && !(untrained && std::filesystem::exists(file, unknown));
}

} // namespace

void job_output::check_places(const job& what) {
  if (what.read().getSave().size() > 0)
    check_save_place(what.read().getSave().cStr());
}

job_output::job_output(std::shared_ptr<const job_context> context, metrics_file::older metrics_there)
    : context_(std::move(context)), save_(context_->what.read().getSave().cStr()) {
  std::filesystem::path metrics{context_->what.read().getMetrics().cStr()};
  if (!metrics.empty())
    metrics_.emplace(metrics, metrics_there);
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
      save_model(save_, *result.parameters, context_->what, context_->data.columns, context_->data.names.get());
      result.saved = save_.string();
    }
  } catch (const std::runtime_error& problem) {
    problems_.emplace_back(problem.what());
  }
  write(*result.summary.read());
  result.problems = std::move(problems_);
  result.lines_skipped = context_->data.lines_skipped;
  result.first_skipped = context_->data.first_skipped;
  result.notes = context_->data.notes;
}

} // namespace drover
