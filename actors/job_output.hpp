#pragma once

#include "drover/actors/job.hpp"
#include "drover/actors/metrics_file.hpp"
#include "drover/actors/train_result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// The files that a job writes: its `metrics` while it runs, its `save` at the end. What cannot be written is a
/// sentence in the result and does not end the job.
class job_output {
public:
  /// `what`: resolved. Throws std::runtime_error with a sentence where one of them cannot be written at all.
  explicit job_output(job what);

  void record(messages::Progress::Reader progress);
  /// Saves what was learned, writes the metrics' last line, and fills in `saved` and `problems`.
  void finish(train_result& result);

private:
  template <class Line>
  void write(Line line);

  job what_;
  std::filesystem::path save_;
  std::optional<metrics_file> metrics_;
  std::vector<std::string> problems_;
};

} // namespace drover
