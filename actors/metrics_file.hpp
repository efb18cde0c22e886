#pragma once

#include "drover/messages/telemetry.capnp.h"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace drover {

/// A file of JSON lines: {"progress": {…}} for each report, {"summary": {…}} at the end, with the field names of
/// messages/telemetry.capnp, without the accuracy of a model that has none. Each line is flushed, so that another
/// program can follow along.
class metrics_file {
public:
  enum class older { are_replaced, stay };

  /// Writes over older metrics, or after them. Throws std::runtime_error with a sentence where the file cannot be
  /// opened, or has contents that are no metrics: those are left alone.
  explicit metrics_file(std::filesystem::path file, older metrics = older::are_replaced);

  void write(messages::Progress::Reader progress);
  void write(messages::Summary::Reader summary);

private:
  void write_line(std::string_view begin, std::string_view json);

  std::filesystem::path path_;
  std::ofstream out_;
};

} // namespace drover
