#pragma once

#include "drover/messages/bulk.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/training.capnp.h"
#include "drover/models/row_keys.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Keys of the rows that a worker needs from one shard.
struct signed_keys {
  row_keys keys;
  std::uint64_t signature = 0;
};

/// Fills in the lists of a message, one a key space; `told` have a signature alone.
template <class T>
void put_keys(std::span<const signed_keys> lists, std::span<const std::uint64_t> told, message_builder<T>& into) {
  auto list = into->initKeys(static_cast<unsigned>(lists.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setSignature(lists[i].signature);
    auto is_told = i < told.size() && told[i] == lists[i].signature;
    if (!is_told && !lists[i].keys->empty())
      list[i].adoptKeys(into.refer(std::span{*lists[i].keys}, lists[i].keys));
  }
}

/// The same for rows, one piece of memory a table; null for none.
template <class T>
void put_rows(std::span<const shared_bulk> rows, message_builder<T>& into) {
  auto list = into->initRows(static_cast<unsigned>(rows.size()));
  for (unsigned table = 0; table < list.size(); ++table)
    if (rows[table])
      list.adopt(table, into.refer(rows[table]->values(), rows[table]));
}

[[nodiscard]] inline std::vector<std::uint64_t> signatures_of(std::span<const signed_keys> lists) {
  std::vector<std::uint64_t> result;
  for (const auto& list : lists)
    result.push_back(list.signature);
  return result;
}

/// A push that names its rows by signature alone, with their keys. Shares its memory.
[[nodiscard]] message<messages::PushGradient> with_keys(const message<messages::PushGradient>& push,
                                                        std::span<const signed_keys> lists);

} // namespace drover
