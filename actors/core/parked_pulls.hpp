#pragma once

#include "drover/actors/core/clocks.hpp"
#include "drover/actors/core/consistency.hpp"
#include "drover/messages/telemetry.capnp.h"

#include <capnp/list.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace drover {

/// A worker's wish to read for one step.
struct pull_request {
  std::uint32_t worker = 0;
  std::uint64_t clock = 0;

  bool operator==(const pull_request&) const = default;
};

/// Pulls that the consistency rule does not allow yet, in the order in which they came.
class parked_pulls {
public:
  /// A worker pulls for the step it is about to compute and, with prefetch, for the one after.
  static constexpr std::size_t per_worker_max = 2;

  /// Throws protocol_error where the worker has as many parked as it may. One that is parked already is parked once.
  void park(const pull_request& pull);

  /// Takes out those that may be answered now.
  [[nodiscard]] std::vector<pull_request> release(const std::function<bool(const pull_request&)>& may_read);

  /// Forgets those of workers that are no members, or of one worker.
  void forget_departed(const clock_table& clocks);
  void forget(std::uint32_t worker);

  [[nodiscard]] std::size_t size() const { return pulls_.size(); }
  /// Pulls parked since the beginning.
  [[nodiscard]] std::uint64_t parked_ever() const { return parked_ever_; }

  /// Who waits for whom. `list` has size() elements.
  void describe(capnp::List<messages::Wait>::Builder list, const consistency& rule, const clock_table& clocks) const;

private:
  std::vector<pull_request> pulls_;
  std::uint64_t parked_ever_ = 0;
};

} // namespace drover
