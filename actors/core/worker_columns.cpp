#include "drover/actors/core/worker_core.hpp"

#include <algorithm>

// Under dsgd and nomad: which block of ratings is next, and what becomes of its columns.

namespace drover {

std::optional<block_turn> worker_core::next_block() {
  if (strata_)
    return strata_->at(index_, clock_);
  if (columns_)
    return columns_->begin();
  return std::nullopt;
}

void worker_core::pass_columns(effects& out) {
  if (!columns_)
    return;
  auto applied = [](const shard_record& shard) {
    return shard.open.empty() ? shard.sequence : shard.open.front().sequence - 1;
  };
  for (const auto& [to, stay] : columns_->release(applied(*std::ranges::min_element(shards_, {}, applied)))) {
    message_builder<messages::PassColumns> pass;
    pass->setColumns(stay.columns);
    pass->setVisit(stay.visit);
    out.emplace_back(send{{address::role::worker, to}, pass.finish()});
  }
}

} // namespace drover
