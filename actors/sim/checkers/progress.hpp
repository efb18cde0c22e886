#pragma once

#include "drover/actors/sim/checker.hpp"

#include <cstdint>
#include <map>
#include <tuple>

namespace drover::sim {

/// Something is applied again and again, until the job is over, and it does not end with a complaint. Asked only while
/// nothing is wrong: `faults_end` is when the last fault is over.
class progress : public checker {
public:
  progress(nanoseconds faults_end, nanoseconds deadline) : last_(faults_end), deadline_(deadline) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_handled(nanoseconds now, const address& who) override;
  void on_end(nanoseconds now, const finish_job& result) override;

private:
  nanoseconds last_; ///< time of the last progress
  nanoseconds deadline_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, std::uint64_t> applied_;
};

} // namespace drover::sim
