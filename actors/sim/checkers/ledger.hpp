#pragma once

#include "drover/actors/core/consistency.hpp"
#include "drover/actors/sim/checker.hpp"
#include "drover/messages/job.capnp.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace drover::sim {

/// What each shard should know and have done, kept from what was delivered to it and from the rules alone. Other
/// checkers compare with it what the shards say. Watch it first: it is then a step ahead of them.
class ledger : public checker {
public:
  struct member {
    std::uint64_t joined = 0;
    std::uint64_t clock = 0;    ///< steps completed
    std::uint64_t accepted = 0; ///< pushes taken in, in this life
    std::uint64_t rows = 0;     ///< of those that were ever: whose rows did not wait for the rest
  };
  /// A worker's wish to read that was delivered and not answered.
  struct wish {
    std::uint32_t worker = 0;
    std::uint64_t joined = 0;
    std::uint64_t clock = 0;

    auto operator<=>(const wish&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14 sees a 0 in it
  };
  /// A push that became, or will become, part of the parameters.
  struct taken_push {
    std::uint32_t worker = 0;
    std::uint64_t joined = 0;
    std::uint64_t sequence = 0;
    std::uint64_t clock = 0;
    std::uint64_t version_read = 0;
    message<messages::PushGradient> source;
    std::vector<std::vector<std::uint64_t>> keys; ///< of rows, one list a key space
  };
  /// Keys that a worker named to a shard, by step, as this reads the rule by which they may be left out.
  using named_keys = std::map<std::uint64_t, std::vector<std::vector<std::uint64_t>>>;
  struct book {
    std::uint64_t epoch = 1;
    std::map<std::uint32_t, member> members;
    std::uint64_t members_max = 0;
    std::uint64_t clock_floor = 0;                     ///< that nobody joins behind
    std::map<std::uint32_t, std::uint64_t> clock_seen; ///< of all who ever were members
    std::uint64_t version = 0;
    std::uint64_t updates = 0; ///< pushes in those versions
    std::set<wish> wishes;
    std::map<std::pair<std::uint32_t, std::uint64_t>, named_keys> named; ///< by worker and life
    std::map<std::uint64_t, std::vector<taken_push>> windows;            ///< by_clock only
    // Of an epoch that is not known yet.
    std::vector<message<messages::PullParameters>> early_pulls;
    std::vector<message<messages::PushGradient>> early_pushes;

    [[nodiscard]] std::uint64_t clock_min() const;
  };

  explicit ledger(messages::Job::Reader job);

  /// Called when a version begins: the pushes that it is made of, ordered by worker, and the version before.
  using update_listener =
      std::function<void(std::uint32_t shard, const std::vector<taken_push>& pushes, std::uint64_t version_before)>;
  void on_update(update_listener listener) { listeners_.push_back(std::move(listener)); }
  /// Called where rows of sparse tables do not wait for the rest of their push, before that.
  using rows_listener = std::function<void(const taken_push& push)>;
  void on_rows(rows_listener listener) { rows_listener_ = std::move(listener); }
  [[nodiscard]] bool rows_alone() const { return rows_alone_; }

  [[nodiscard]] const book& of(std::uint32_t shard) const { return books_.at(shard); }
  [[nodiscard]] const consistency& rule() const { return *rule_; }
  [[nodiscard]] bool prefetch() const { return prefetch_; }
  /// Whether who asks for a step again is given what it was given first: a compensation needs what was computed from.
  [[nodiscard]] bool repeats_answers() const { return repeats_answers_; }
  /// Whether the rules let a shard answer this now.
  [[nodiscard]] bool may_read(const book& at, const wish& what) const;

  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_freeze(nanoseconds now, const address& who) override;

private:
  void adopt(std::uint32_t shard, messages::ChangeMembership::Reader change);
  void take(std::uint32_t shard, const message<messages::PullParameters>& pull);
  void take(std::uint32_t shard, const message<messages::PushGradient>& push);
  /// The keys of a message; remembers them. Nothing where they are left out and were not named here.
  [[nodiscard]] static std::optional<std::vector<std::vector<std::uint64_t>>>
  keys_of(named_keys& named, std::uint64_t clock, capnp::List<messages::Keys>::Reader lists);
  void apply(std::uint32_t shard, const std::vector<taken_push>& pushes);
  void close_windows(std::uint32_t shard);

  std::unique_ptr<const consistency> rule_;
  bool prefetch_;
  bool repeats_answers_;
  bool rows_alone_;
  rows_listener rows_listener_;
  std::vector<book> books_;
  std::vector<update_listener> listeners_;
};

} // namespace drover::sim
