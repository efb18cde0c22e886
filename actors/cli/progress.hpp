#pragma once

#include "drover/messages/telemetry.capnp.h"

#include <cstddef>
#include <ostream>
#include <string>

namespace drover::cli {

/// Shows how a job goes on: on a terminal one line that is drawn over and over and a line that stays for each completed
/// epoch; elsewhere the latter, and between them a report from time to time.
class progress_view {
public:
  /// `columns`: of the terminal; 0: it is none. `out` must outlive this object.
  progress_view(std::ostream& out, std::size_t columns) : out_(out), columns_(columns) {}

  void show(messages::Progress::Reader progress);
  /// Takes the drawn line away. Call once nothing more is to be shown.
  void finish();

private:
  void show_epoch(messages::Progress::Reader progress);

  std::ostream& out_;
  std::size_t columns_;
  bool drawn_ = false;
  double last_seconds_ = 0;
};

/// "epoch 2/15  51200/s  loss 0.4120  85.10 %  staleness 1.2 max 7/21  12.0 s left"
[[nodiscard]] std::string progress_text(messages::Progress::Reader progress);

/// Columns of the terminal that standard output is; 0 where it is none.
[[nodiscard]] std::size_t terminal_columns();

} // namespace drover::cli
