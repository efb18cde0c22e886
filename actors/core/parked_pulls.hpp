#pragma once

#include "drover/actors/core/clocks.hpp"
#include "drover/actors/core/consistency.hpp"
#include "drover/messages/telemetry.capnp.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace drover {

/// A worker's wish to read for one step.
struct pull_request {
  std::uint32_t worker = 0;
  std::uint64_t clock = 0;

  auto operator<=>(const pull_request&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14 sees a 0 in it
};

/// Pulls that the consistency rule does not allow yet.
class parked_pulls {
public:
  /// A worker pulls for the step it is about to compute and, with prefetch, for the one after.
  static constexpr std::size_t per_worker_max = 2;

  /// `parked_ever`: before.
  explicit parked_pulls(std::uint64_t parked_ever = 0) : parked_ever_(parked_ever) {}

  /// Throws protocol_error where the worker has as many parked as it may. One that is parked already is parked once.
  void park(const pull_request& pull);

  /// Takes out those that may be answered now, in the order in which they came: of all workers, or of one.
  using permission = std::function<bool(const pull_request&)>;
  [[nodiscard]] std::vector<pull_request> release(const permission& may_read);
  [[nodiscard]] std::vector<pull_request> release_of(std::uint32_t worker, const permission& may_read);

  /// Forgets those of workers that are no members, or of one worker.
  void forget_departed(const clock_table& clocks);
  void forget(std::uint32_t worker);
  void forget_all() { pulls_.clear(); }

  [[nodiscard]] std::size_t size() const { return pulls_.size(); }
  /// Pulls parked since the beginning.
  [[nodiscard]] std::uint64_t parked_ever() const { return parked_ever_; }

  /// Who waits for whom, as far as a sentence can hold it.
  void describe(messages::ShardReport::Builder report, const consistency& rule, const clock_table& clocks) const;

private:
  using order = std::uint64_t; ///< in which they came
  using iterator = std::map<pull_request, order>::iterator;
  [[nodiscard]] std::pair<iterator, iterator> range_of(std::uint32_t worker);
  [[nodiscard]] std::vector<pull_request> release(iterator first, iterator last, const permission& may_read);

  std::map<pull_request, order> pulls_;
  std::uint64_t parked_ever_;
};

} // namespace drover
