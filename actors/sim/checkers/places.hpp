#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/hunted_world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace drover::sim {

/// A worker goes to the node with the fewest members of those that are heard of, or where all refused one, to the one
/// that did so first; none that leaves gets one, and it leaves without shards. A node is suspected only where something
/// keeps it from answering, and then in time; when nothing does any more, it is heard of soon. A pause of the
/// coordinator's own machine counts against nobody.
class places : public checker {
public:
  explicit places(const hunted_world& drawn);
  void on_fault(nanoseconds now, const fault_event& what, const cluster& of) override;
  void on_start(nanoseconds now, const address& who) override;
  void on_crash(nanoseconds now, const address& who) override;
  void on_node(nanoseconds now, std::uint32_t machine, node_news news) override;
  void on_choice(nanoseconds now, std::uint32_t machine, bool is_shard) override;
  void on_place(nanoseconds now, std::uint32_t machine, std::uint64_t ticket, bool is_shard) override;
  void on_vacant(nanoseconds now, std::uint64_t ticket) override;
  void on_started(nanoseconds now, std::uint32_t machine) override;
  void on_refused(nanoseconds now, std::uint32_t machine, std::uint64_t ticket) override;
  void on_handled(nanoseconds now, const address& who) override;

private:
  struct node {
    bool is_known = false;
    bool is_suspected = false;
    bool is_leaving = false;
    nanoseconds heard = 0; ///< or joined
    // What becomes of its machine.
    bool is_down = false;
    bool is_new = false; ///< it came back, and has not joined yet
    std::uint32_t pauses = 0;
    std::optional<nanoseconds> mute_since; ///< nothing comes from there; none: it can answer
    nanoseconds free_since = 0;            ///< then: for so long
  };
  struct member {
    std::uint32_t machine;
    bool is_shard;
  };
  void note_reach(nanoseconds now);
  [[nodiscard]] bool is_cut_off(std::uint32_t machine) const;
  [[nodiscard]] std::size_t members_on(std::uint32_t machine) const;
  [[nodiscard]] bool may_have_members(std::uint32_t machine) const;
  void forget_workers(std::uint32_t machine);

  double look_interval_;
  std::uint32_t head_; ///< the coordinator's machine
  std::vector<node> nodes_;
  std::map<std::uint64_t, std::set<std::uint32_t>> partitions_; ///< by occurrence
  std::map<std::uint64_t, member> members_;                     ///< by ticket
  std::vector<std::uint32_t> refused_;                          ///< machines that did, and have not started one since
  bool is_there_ = true;                                        ///< a coordinator
  nanoseconds listens_since_ = 0;                               ///< and it is not paused
};

} // namespace drover::sim
