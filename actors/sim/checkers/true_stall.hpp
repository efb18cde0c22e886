#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/sim/checker.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::sim {

/// Whether this is how a coordinator says that it has given up waiting.
[[nodiscard]] bool says_stall(std::string_view sentence);

/// A job that ends for want of progress says what is true: for as long as it says the coordinator was told of no step
/// and no update, or while it closed of nothing that it waited for; and it names every shard that did not answer.
class true_stall : public checker {
public:
  explicit true_stall(const training_plan& plan);
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_handled(nanoseconds now, const address& who) override;
  void on_start(nanoseconds now, const address& who) override;
  void on_end(nanoseconds now, const finish_job& result) override;

private:
  using moments = std::vector<nanoseconds>;
  // Progress that a worker told of, until it shows whether that worker counts.
  struct told_progress {
    std::uint32_t worker;
    std::uint64_t clock;
  };
  struct heard_shard {
    std::uint64_t version = 0;
    moments reports;
  };

  /// `news` between these moments make the sentence wrong, and every shard without a report since `asked` is named.
  void check(nanoseconds now, const std::string& sentence, const moments& news, nanoseconds from, nanoseconds until,
             nanoseconds asked) const;

  nanoseconds limit_;
  nanoseconds begun_ = 0; ///< when the coordinator was
  bool names_shards_;
  std::optional<told_progress> told_;
  std::map<std::uint32_t, std::uint64_t> clocks_; ///< most steps that each worker told of, in any life
  std::vector<heard_shard> shards_;
  moments progressed_; ///< when the coordinator was told of a step or an update
  moments answered_;   ///< when a shard answered it
};

} // namespace drover::sim
