#pragma once

#include "drover/messages/membership.capnp.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace drover {

/// Who computes gradients at the moment, and which shards know: the coordinator's word on membership. Every change is
/// an epoch that all shards have to adopt; what changes while they do becomes the next one. No messages and no clock:
/// the coordinator's core asks what to tell whom, and says what time it is.
class membership {
public:
  struct member {
    std::uint64_t joined = 1; ///< epoch: the name of this life
    std::uint64_t life = 0;   ///< as the worker calls it
    std::uint64_t clock = 0;  ///< at which it joined
    bool started = true;      ///< false until all shards have adopted the same clock
  };

  /// Begins with all of them as members that every shard knows.
  membership(std::uint32_t workers, std::uint32_t shards);
  /// The same where no shard knows so yet, and another coordinator told them of epochs up to this one: all of them join
  /// together.
  [[nodiscard]] static membership after(std::uint64_t epoch, std::uint32_t workers, std::uint32_t shards);

  [[nodiscard]] const std::map<std::uint32_t, member>& members() const { return members_; }
  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  /// Whether this is a message of a life that counts.
  [[nodiscard]] bool counts(std::uint32_t worker, std::uint64_t joined) const;
  /// Nothing where it is no member.
  [[nodiscard]] const member* find(std::uint32_t worker) const;

  /// A member is gone. False, and nothing changes, where the worker is none.
  bool remove(std::uint32_t worker);
  /// The same for one that is done, if it is a member: this life does not come back.
  void leave(std::uint32_t worker);
  /// False for a life that is over: lives only grow.
  [[nodiscard]] bool may_join(std::uint32_t worker, std::uint64_t life) const;
  /// A new life of a worker, at `clock` or later; its former one is over. It is started when `ready` says so.
  void join(std::uint32_t worker, std::uint64_t life, std::uint64_t clock, double now);

  /// A worker that is no member gets a new place: what its former process says is over for good. Returns the life to
  /// begin with there.
  [[nodiscard]] std::uint64_t replace(std::uint32_t worker);

  /// True once for each epoch: it begins now, and the shards have to be told.
  [[nodiscard]] bool begin_epoch();
  /// Shards that have not adopted the current epoch.
  [[nodiscard]] const std::set<std::uint32_t>& behind() const { return behind_; }
  /// A shard's word. Throws protocol_error for a shard or members that do not exist.
  void adopt(messages::MembershipAdopted::Reader answer);
  /// Workers that may be started now; each once.
  [[nodiscard]] std::vector<std::uint32_t> take_ready();

  /// A worker begins now: its silence counts from here.
  void expect(std::uint32_t worker, double now) { histories_[worker].heard = now; }
  /// A worker spoke, member or not.
  void hear(std::uint32_t worker, double now);
  /// Called at least every `look_seconds`: by what it is later than that nobody listened, which is no silence of a
  /// worker's.
  void look(double now);
  static constexpr double look_seconds = 1;
  /// Members that were silent for longer than `seconds` and three times their longest silence so far.
  [[nodiscard]] std::vector<std::uint32_t> silent(double now, double seconds) const;
  /// The same of those that were heard of more than once.
  [[nodiscard]] std::vector<std::uint32_t> slow(double now, double seconds) const;
  /// Members that were silent for longer than `seconds`, whatever they did before.
  [[nodiscard]] std::vector<std::uint32_t> silent_longer_than(double seconds, double now) const;

private:
  // What is known of a worker over all of its lives.
  struct history {
    double heard = 0;       ///< when, last
    double silence_max = 0; ///< longest so far, in seconds
    std::uint64_t life_min = 0;
  };

  void skip_unheard(history& known, double now) const;

  std::uint32_t shards_;
  std::map<std::uint32_t, history> histories_;
  double look_due_ = std::numeric_limits<double>::infinity();
  std::map<std::uint32_t, member> members_;
  std::uint64_t epoch_ = 1;
  bool changed_ = false; ///< since this epoch began
  std::set<std::uint32_t> behind_;
  std::map<std::uint32_t, std::uint64_t> clock_max_; ///< of those that join: the largest that a shard counts
};

/// The current members, as shards are told.
void fill(messages::ChangeMembership::Builder change, const membership& members);

} // namespace drover
