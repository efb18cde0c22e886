#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace drover {

/// How many steps each member has completed. Members come and go: only those of the current epoch hold anyone back. All
/// but the lists takes time that grows with the logarithm of the members.
class clock_table {
public:
  /// The smallest clock where there are no members: nobody is waited for.
  static constexpr std::uint64_t nobody = std::numeric_limits<std::uint64_t>::max();

  /// A worker that is a member already gets this clock instead of its own.
  void join(std::uint32_t worker, std::uint64_t clock);
  void retire(std::uint32_t worker);
  /// One more step completed. The worker must be a member.
  void advance(std::uint32_t worker) { join(worker, clocks_.at(worker) + 1); }

  [[nodiscard]] bool has(std::uint32_t worker) const { return clocks_.contains(worker); }
  [[nodiscard]] std::optional<std::uint64_t> of(std::uint32_t worker) const;
  [[nodiscard]] std::uint64_t min() const { return members_at_.empty() ? nobody : members_at_.begin()->first; }
  [[nodiscard]] std::size_t size() const { return clocks_.size(); }
  [[nodiscard]] std::vector<std::uint32_t> members() const;
  /// Members that have completed fewer than `clock` steps, ascending.
  [[nodiscard]] std::vector<std::uint32_t> behind(std::uint64_t clock) const;

private:
  std::map<std::uint32_t, std::uint64_t> clocks_;
  std::map<std::uint64_t, std::size_t> members_at_; ///< how many members have completed so many steps
};

} // namespace drover
