#pragma once

#include "drover/messages/training.capnp.h"
#include "drover/models/layout.hpp"

#include <capnp/list.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drover {

/// Which rows of sparse tables one step of a worker needs from one shard, as a message says it.
struct key_list {
  std::span<const std::uint64_t> keys; ///< ascending, each once
  std::uint64_t signature = 0;
  std::shared_ptr<const void> owner; ///< of their memory
};
/// One a key space of the layout.
using key_lists = std::vector<std::shared_ptr<const key_list>>;

/// The lists that one worker named to a shard lately, by step. A list that is not in a message is the one of the same
/// step, or of the step that was asked for before, with the same signature.
class recent_keys {
public:
  /// Which keys may come.
  struct limits {
    const parameter_layout& layout;
    std::uint32_t shard;
    std::uint32_t shards;
  };

  /// The lists of a message for step `clock`; `owner` keeps its memory. Empty where one is not in it and not known.
  /// Throws protocol_error, whose sentence begins with `who`, for keys that are out of order, of another shard or of
  /// rows that the layout does not have.
  [[nodiscard]] key_lists take(std::uint64_t clock, capnp::List<messages::Keys>::Reader lists,
                               const std::shared_ptr<const void>& owner, const limits& allowed, const std::string& who);

  /// Those of a step that was taken; empty where it was not.
  [[nodiscard]] key_lists at(std::uint64_t clock) const;
  void forget_before(std::uint64_t clock) { steps_.erase(steps_.begin(), steps_.lower_bound(clock)); }
  void clear() { steps_.clear(); }

private:
  [[nodiscard]] std::shared_ptr<const key_list> known(std::uint64_t clock, std::size_t key_space,
                                                      std::uint64_t signature) const;

  std::map<std::uint64_t, key_lists> steps_;
};

/// Finds the floats of a message's rows: one list a table, each with as many rows as its keys. Throws protocol_error,
/// whose sentence begins with `who`, for other sizes.
[[nodiscard]] std::vector<const float*> check_rows(capnp::List<capnp::Data>::Reader rows,
                                                   const parameter_layout& layout,
                                                   std::span<const std::size_t> keys_of_spaces, const std::string& who);

} // namespace drover
