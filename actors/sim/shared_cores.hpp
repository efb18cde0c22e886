#pragma once

#include "drover/actors/sim/event_queue.hpp"
#include "drover/actors/sim/virtual_time.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace drover::sim {

/// The cores of one machine and the work on them. A piece of work has a core of its own while there are enough, else
/// all pieces get equal shares (processor sharing). Work is in nanoseconds of one core. Calls come in the order of
/// virtual time; of pieces done at the same time the one that began first is first. Used by one thread.
template <class Work>
class shared_cores {
public:
  /// `cores` 0: any number.
  explicit shared_cores(std::uint32_t cores) : cores_(cores) {}

  void begin(nanoseconds now, nanoseconds work, Work what) {
    go_on(now);
    under_way_.push(done_ + static_cast<double>(work), std::move(what));
  }

  /// Nothing goes on until `resume`.
  void pause(nanoseconds now) {
    go_on(now);
    is_paused_ = true;
  }
  void resume(nanoseconds now) {
    go_on(now);
    is_paused_ = false;
  }

  /// All that is under way is gone.
  void clear() { under_way_ = {}; }

  /// When the next piece is done if nothing else begins; nothing where none is under way, or all are paused.
  [[nodiscard]] std::optional<nanoseconds> next() const {
    if (under_way_.empty() || is_paused_)
      return std::nullopt;
    return later(since_, whole_nanoseconds((under_way_.first() - done_) / rate()));
  }

  /// The piece that is done at `now`, which `next` said.
  [[nodiscard]] Work take(nanoseconds now) {
    go_on(now);
    return under_way_.pop().second;
  }

private:
  [[nodiscard]] double rate() const {
    if (cores_ == 0 || under_way_.size() <= cores_)
      return 1;
    return static_cast<double>(cores_) / static_cast<double>(under_way_.size());
  }

  // Every piece gets the same share, so one sum says how far each has come.
  void go_on(nanoseconds now) {
    if (!is_paused_)
      done_ += static_cast<double>(now - since_) * rate();
    since_ = now;
  }

  std::uint32_t cores_;
  event_queue<Work, double> under_way_; ///< by the value of `done_` at which a piece is done
  double done_ = 0;                     ///< nanoseconds that each piece would have got since the beginning
  nanoseconds since_ = 0;               ///< until when that is counted
  bool is_paused_ = false;
};

} // namespace drover::sim
