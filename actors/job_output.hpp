#pragma once

#include "drover/actors/job_context.hpp"
#include "drover/actors/metrics_file.hpp"
#include "drover/actors/train_result.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// The files that a job writes: its `metrics` while it runs, its `save` at the end. What cannot be written is a
/// sentence in the result and does not end the job.
class job_output {
public:
  /// Tries, before the data are read, which may take long, whether the job's model could be saved. Throws
  /// std::runtime_error with a sentence.
  static void check_places(const job& what);

  /// Throws std::runtime_error with a sentence where the metrics cannot be written at all.
  /// `metrics`: what becomes of those of the job that are there.
  explicit job_output(std::shared_ptr<const job_context> context,
                      metrics_file::older metrics = metrics_file::older::are_replaced);

  void record(messages::Progress::Reader progress);
  /// Saves what was learned, writes the metrics' last line, and fills in `saved` and `problems`.
  void finish(train_result& result);

private:
  template <class Line>
  void write(Line line);

  std::shared_ptr<const job_context> context_;
  std::filesystem::path save_;
  std::optional<metrics_file> metrics_;
  std::vector<std::string> problems_;
};

} // namespace drover
