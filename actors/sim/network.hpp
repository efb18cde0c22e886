#pragma once

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/faults.hpp"
#include "drover/actors/sim/flat_table.hpp"
#include "drover/actors/sim/random.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace drover::sim {

/// When messages between machines arrive.
///
/// A message takes its bytes' time on the sender's side, on the racks' link where it leaves the rack, and on the
/// receiver's side; each of them does one message after the other, and the message is through when the slowest is done.
/// Then comes the latency, and jitter. Two machines with a link of their own, and members on the same machine, use
/// nothing but that link. Messages from one machine to another arrive in the order in which they were sent, except
/// those that `reorder` strikes, and second copies: one that `delay` strikes holds up those behind it.
///
/// `send` is called in the order of virtual time. It takes constant time while no link is unreliable, and no memory but
/// for a pair of machines that never talked before. Draws are a stream for each pair. Used by one thread.
class network {
public:
  /// The times at which a message arrives: none where it is lost, two where it is duplicated.
  struct arrivals {
    std::array<nanoseconds, 2> at{};
    std::uint32_t count = 0;

    [[nodiscard]] const nanoseconds* begin() const { return at.data(); }
    [[nodiscard]] const nanoseconds* end() const { return at.data() + count; }
  };

  /// Messages so far, and what became of them.
  struct counts {
    std::uint64_t sent = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lost = 0; ///< by chance
    std::uint64_t cut = 0;  ///< by a partition
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t delayed = 0; ///< by chance; not those behind them
  };

  network(cluster on, std::uint64_t seed);

  [[nodiscard]] arrivals send(std::uint32_t from, std::uint32_t to, std::uint64_t bytes, nanoseconds now);

  /// Takes in partitions, slow and unreliable links; other faults are not the network's. What is under way arrives.
  void apply(const fault_event& event);

  /// Whether a partition is between the two now.
  [[nodiscard]] bool are_separated(std::uint32_t one, std::uint32_t other) const { return side_[one] != side_[other]; }
  [[nodiscard]] const counts& counted() const { return counts_; }
  /// Pairs of machines that talked so far: what memory grows with.
  [[nodiscard]] std::size_t pairs() const { return pairs_.size(); }

private:
  struct pair_state {
    random_stream draws{0, ""};
    nanoseconds last_arrival = -1;
    nanoseconds own_busy_until = 0;
    std::uint32_t link = 0;
    std::uint32_t rack_link = none; ///< into rack_links_until_
    bool is_own = false;
  };
  static constexpr std::uint32_t none = UINT32_MAX;

  [[nodiscard]] pair_state first_talk(std::uint32_t from, std::uint32_t to);
  [[nodiscard]] nanoseconds through(pair_state& pair, std::uint32_t from, std::uint32_t to, double bytes,
                                    nanoseconds now);
  [[nodiscard]] double slowness_between(std::uint32_t from, std::uint32_t to) const;
  /// Of the way between two machines: its own, and what faults make of it now.
  [[nodiscard]] message_chances chances_between(std::uint32_t from, std::uint32_t to, const link& way) const;

  cluster cluster_;
  std::uint64_t seed_;
  std::vector<nanoseconds> sends_until_;    ///< by machine
  std::vector<nanoseconds> receives_until_; ///< by machine
  // Of each active partition one number, mixed by exclusive or into the machines on its side: two machines are together
  // where the results agree.
  std::vector<std::uint64_t> side_;
  struct slowness {
    std::map<std::uint64_t, double> active; ///< factor by occurrence
    double factor = 1;                      ///< the largest of them

    void begin(std::uint64_t occurrence, double by);
    void end(std::uint64_t occurrence);
  };
  std::vector<slowness> slow_;
  /// By machine and occurrence; nothing of machines whose links are as they should be.
  std::map<std::uint32_t, std::map<std::uint64_t, message_chances>> unreliable_;
  flat_table<pair_state> pairs_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> rack_links_; ///< from, to; only for first talks
  std::vector<nanoseconds> rack_links_until_;
  counts counts_;
};

} // namespace drover::sim
