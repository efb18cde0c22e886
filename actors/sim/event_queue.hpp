#pragma once

#include "drover/actors/sim/virtual_time.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace drover::sim {

/// What happens next: a heap of small keys over a slab of events, so that moving a key up or down moves no event.
/// Events of the same time come out in the order in which they went in.
template <class Event, class Time = nanoseconds>
class event_queue {
public:
  void push(Time at, Event what) {
    std::uint32_t slot = 0;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(events_.size());
      events_.push_back(std::move(what));
    } else {
      slot = free_.back();
      free_.pop_back();
      events_[slot] = std::move(what);
    }
    keys_.push_back({at, order_++, slot});
    std::push_heap(keys_.begin(), keys_.end(), std::greater<>{});
  }

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

  /// When the earliest event happens; there must be one.
  [[nodiscard]] Time first() const { return keys_.front().at; }

  /// The earliest event and its time; there must be one.
  [[nodiscard]] std::pair<Time, Event> pop() {
    std::pop_heap(keys_.begin(), keys_.end(), std::greater<>{});
    auto first = keys_.back();
    keys_.pop_back();
    free_.push_back(first.slot);
    return {first.at, std::exchange(events_[first.slot], Event{})};
  }

private:
  struct key {
    Time at;
    std::uint64_t order;
    std::uint32_t slot;

    bool operator>(const key& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  std::vector<key> keys_;
  std::vector<Event> events_;
  std::vector<std::uint32_t> free_;
  std::uint64_t order_ = 0;
};

} // namespace drover::sim
