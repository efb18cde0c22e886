#pragma once

#include "drover/actors/core/consistency_mode.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace drover {

/// What workers of a job may read when, and what that promises. One small controller a mode, immutable; a shard asks it
/// and does the rest itself.
class consistency {
public:
  virtual ~consistency() = default;

  /// Steps that every member must have completed before parameters are handed out for step `clock`.
  [[nodiscard]] virtual std::uint64_t clock_needed(std::uint64_t clock) const = 0;

  /// Whether the pushes of one clock wait for each other and become one update: of their mean, or in place what all
  /// of them did.
  [[nodiscard]] virtual bool by_clock() const = 0;

  /// The largest staleness that an update can have where never more than `workers` were members at once; nothing where
  /// there is no such promise. `prefetch`: a worker pulls for its next step before it pushes the last.
  [[nodiscard]] virtual std::optional<std::uint64_t> staleness_bound(std::uint64_t workers, bool prefetch) const = 0;

  /// Whether workers change parameters where the shards keep them: pulls and pushes carry none.
  [[nodiscard]] virtual bool in_place() const { return false; }

  /// Whether a push changes a part of the items alone, and versions are those of its columns: columns travel between
  /// workers.
  [[nodiscard]] virtual bool by_columns() const { return false; }
};

[[nodiscard]] std::unique_ptr<const consistency> make_bsp();
[[nodiscard]] std::unique_ptr<const consistency> make_ssp(std::uint64_t slack);
[[nodiscard]] std::unique_ptr<const consistency> make_asp();
[[nodiscard]] std::unique_ptr<const consistency> make_hogwild();
[[nodiscard]] std::unique_ptr<const consistency> make_dsgd();
[[nodiscard]] std::unique_ptr<const consistency> make_nomad();

[[nodiscard]] std::unique_ptr<const consistency> make_consistency(const consistency_mode& mode);

} // namespace drover
