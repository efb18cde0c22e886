#pragma once

#include <string_view>

namespace drover::cli {

/// While one lives, a signal that ends the process (a bad address, an abort) first writes a note to standard error,
/// then ends it with `exit_code::crashed`. At most one in a process.
class crash_note {
public:
  crash_note();
  ~crash_note();
  crash_note(const crash_note&) = delete;
  crash_note& operator=(const crash_note&) = delete;

  /// The note from now on; what is too long is cut.
  void write(std::string_view note);
};

} // namespace drover::cli
