#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/hunted_world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

namespace drover::sim {

/// Something is applied again and again, until the job is over; and a job that is asked to end does. Asked only while
/// nothing is wrong: not before the last fault is over.
class progress : public checker {
public:
  explicit progress(const hunted_world& drawn);
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_handled(nanoseconds now, const address& who) override;
  void on_start(nanoseconds now, const address& who) override;

private:
  std::optional<nanoseconds> stop_; ///< when somebody asks for an end
  nanoseconds last_;                ///< time of the last progress
  nanoseconds end_;                 ///< when a job that was asked to end must be over
  nanoseconds deadline_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, std::uint64_t> applied_;
};

} // namespace drover::sim
