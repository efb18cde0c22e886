#include "drover/actors/core/key_lists.hpp"

#include "drover/actors/core/protocol_error.hpp"
#include "drover/models/row_keys.hpp"

#include <algorithm>
#include <iterator>

namespace drover {

namespace {

std::uint64_t rows_of(std::size_t key_space, const parameter_layout& layout) {
  return std::ranges::find(layout.tables(), key_space, &table_spec::key_space)->rows;
}

std::shared_ptr<const key_list> check_keys(messages::Keys::Reader list, std::size_t key_space,
                                           const std::shared_ptr<const void>& owner, const recent_keys::limits& allowed,
                                           const std::string& who) {
  auto bytes = list.getKeys();
  if (bytes.size() % sizeof(std::uint64_t) != 0)
    throw protocol_error(who + " sent keys of " + std::to_string(bytes.size()) + " bytes: each takes 8");
  // Cap'n Proto aligns data to 8 bytes.
  std::span keys{reinterpret_cast<const std::uint64_t*>(bytes.begin()), bytes.size() / sizeof(std::uint64_t)};
  auto rows = rows_of(key_space, allowed.layout);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0 && keys[i] <= keys[i - 1])
      throw protocol_error(who + " sent key " + std::to_string(keys[i]) + " behind key " + std::to_string(keys[i - 1]) +
                           ": they are ascending, each once");
    if (keys[i] >= rows)
      throw protocol_error(who + " sent key " + std::to_string(keys[i]) + " of a table of " + std::to_string(rows) +
                           " rows");
    if (shard_of_key(keys[i], allowed.shards) != allowed.shard)
      throw protocol_error(who + " sent key " + std::to_string(keys[i]) + ", whose row is on shard " +
                           std::to_string(shard_of_key(keys[i], allowed.shards)));
  }
  if (signature_of(keys) != list.getSignature())
    throw protocol_error(who + " sent " + std::to_string(keys.size()) + " keys with the signature of others");
  return std::make_shared<const key_list>(key_list{keys, list.getSignature(), owner});
}

} // namespace

key_lists recent_keys::take(std::uint64_t clock, capnp::List<messages::Keys>::Reader lists,
                            const std::shared_ptr<const void>& owner, const limits& allowed, const std::string& who) {
  auto spaces = allowed.layout.key_spaces();
  if (lists.size() != spaces)
    throw protocol_error(who + " sent " + std::to_string(lists.size()) + " lists of keys instead of " +
                         std::to_string(spaces));
  key_lists result;
  for (unsigned space = 0; space < spaces; ++space) {
    auto list = lists[space];
    auto is_there = list.hasKeys() || list.getSignature() == signature_of({});
    result.push_back(is_there ? check_keys(list, space, owner, allowed, who)
                              : known(clock, space, list.getSignature()));
    if (!result.back())
      return {};
  }
  if (spaces != 0)
    steps_[clock] = result;
  return result;
}

std::shared_ptr<const key_list> recent_keys::known(std::uint64_t clock, std::size_t key_space,
                                                   std::uint64_t signature) const {
  auto after = steps_.upper_bound(clock);
  for (auto back = 0; back < 2 && after != steps_.begin(); ++back) {
    --after;
    const auto& list = after->second[key_space];
    if (list->signature == signature)
      return list;
    if (after->first != clock)
      break;
  }
  return nullptr;
}

key_lists recent_keys::at(std::uint64_t clock) const {
  auto found = steps_.find(clock);
  return found == steps_.end() ? key_lists{} : found->second;
}

std::vector<const float*> check_rows(capnp::List<capnp::Data>::Reader rows, const parameter_layout& layout,
                                     std::span<const std::size_t> keys_of_spaces, const std::string& who) {
  auto tables = layout.tables();
  if (rows.size() != tables.size())
    throw protocol_error(who + " sent rows of " + std::to_string(rows.size()) + " tables instead of " +
                         std::to_string(tables.size()));
  std::vector<const float*> result;
  for (unsigned table = 0; table < tables.size(); ++table) {
    auto bytes = rows[table];
    auto wanted = keys_of_spaces[tables[table].key_space] * tables[table].width * sizeof(float);
    if (bytes.size() != wanted)
      throw protocol_error(who + " sent " + std::to_string(bytes.size()) + " bytes for rows of table " +
                           layout.tensors()[tables[table].tensor].name + ", which take " + std::to_string(wanted));
    result.push_back(reinterpret_cast<const float*>(bytes.begin()));
  }
  return result;
}

} // namespace drover
