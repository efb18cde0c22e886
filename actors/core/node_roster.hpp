#pragma once

#include "drover/actors/core/pulse.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// The nodes of a job and how many of its members each hosts, as far as is known: which of them gets the next member,
/// who makes room for a node that joins, and which node is taken for gone because nothing is heard of it. Nodes have
/// numbers that are never used twice; who names one that is not there says nothing. Times are in seconds, and only
/// grow.
class node_roster {
public:
  using number = std::uint32_t;

  /// How far apart looks are.
  static constexpr double look_interval_seconds = 1;

  /// A member's place on a node, from when it is asked for there until the member ends. No two are the same.
  struct tenancy {
    number node = 0;
    std::uint64_t ticket = 0;
  };
  /// So many of a node's workers are to go on elsewhere.
  struct departure {
    number node = 0;
    std::uint32_t workers = 0;
  };
  /// Nothing is heard of a node for longer than is allowed.
  struct silence {
    number node = 0;
    double seconds = 0;
    double allowed = 0;
  };
  struct looked {
    std::vector<number> ask;     ///< how they are
    std::vector<silence> silent; ///< suspected from now on
  };

  /// `devices`: names, as gpu::device_info has them; it has a cpu anyway.
  number add(double now, std::set<std::string> devices = {});
  void remove(number node) { nodes_.erase(node); }
  [[nodiscard]] std::size_t count() const { return nodes_.size(); }
  [[nodiscard]] bool contains(number node) const { return nodes_.contains(node); }

  // -- who hosts what ------------------------------------------------------------------------------------------------

  /// The node with the fewest members of those that have the device. One that refused a member comes after those that
  /// did not, or did before it. None of a node that is suspected or leaves. `device`: cpu, auto, cuda or cuda:N.
  [[nodiscard]] std::optional<number> emptiest(std::string_view device = "cpu",
                                               const std::set<number>& except = {}) const;
  [[nodiscard]] bool has_device(number node, std::string_view device) const;
  /// `shard`: which one; without: a worker.
  tenancy begin(number node, std::optional<std::uint32_t> shard);
  /// The member is gone. Where its node was suspected meanwhile, or is gone, that is no news.
  void end(const tenancy& of);
  /// The node started it: what it refused before is forgotten.
  void start(const tenancy& of);
  /// It did not.
  void refuse(const tenancy& of);
  /// Of which nodes workers are to go on elsewhere for this one to have as many members as they have. Shards stay.
  [[nodiscard]] std::vector<departure> make_room(number node) const;
  [[nodiscard]] std::set<std::uint32_t> shards(number node) const;
  /// It goes on elsewhere, or nowhere; the member that was it is not gone yet.
  void forget_shard(number node, std::uint32_t shard);
  [[nodiscard]] std::size_t members(number node) const;

  // -- who is heard of -----------------------------------------------------------------------------------------------

  /// To be called again and again. Time in which it was not called for longer than the interval counts for nobody's
  /// silence: whoever calls it stood still itself, and listened to nobody.
  [[nodiscard]] looked look(double now);
  /// It answered. Returns for how long nothing was heard of it, if it was suspected.
  std::optional<double> hear(number node, double now);
  /// What it was asked came back.
  void not_heard(number node);

  // -- who leaves ----------------------------------------------------------------------------------------------------

  /// From now on it gets no members, until it is said to stay.
  void begin_leaving(number node);
  void stay(number node);
  /// Whether it gets any.
  [[nodiscard]] bool takes_members(number node) const;

private:
  struct node {
    std::map<std::uint64_t, std::optional<std::uint32_t>> members; ///< by ticket; shards have a number
    std::set<std::string> devices;
    pulse heard;               ///< its answers
    bool is_asked = false;     ///< and has not answered
    bool is_suspected = false; ///< of being gone
    bool is_leaving = false;
    std::uint64_t refused_at = 0; ///< count of all refusals when it refused a member last; 0: that is forgotten

    [[nodiscard]] bool takes_members() const { return !is_suspected && !is_leaving; }
    [[nodiscard]] bool has(std::string_view device) const;
  };
  [[nodiscard]] node* find(number which);
  [[nodiscard]] const node* find(number which) const;

  std::map<number, node> nodes_;
  number next_ = 0;
  std::uint64_t tickets_ = 0;
  std::uint64_t refusals_ = 0; ///< of members, by any
  double looked_ = 0;          ///< when, last
};

} // namespace drover
