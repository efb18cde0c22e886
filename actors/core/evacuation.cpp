#include "drover/actors/core/evacuation.hpp"

namespace drover {

evacuation::step evacuation::leave(number node) {
  if (nodes_.count() == 1)
    return stay{node, "this is its only node"};
  nodes_.begin_leaving(node);
  leaving_.push_back(node);
  return next();
}

evacuation::step evacuation::next() {
  if (moves_)
    return {};
  while (!leaving_.empty()) {
    auto node = leaving_.front();
    if (!nodes_.contains(node)) {
      forget_first();
      continue;
    }
    auto shards = nodes_.shards(node);
    if (shards.empty()) {
      nodes_.remove(node);
      forget_first();
      return departure{node};
    }
    auto to = nodes_.emptiest("cpu", tried_);
    if (!to)
      return keep(node, why_.empty() ? "no other node is heard of" : why_);
    moves_ = true;
    return under_way_ = {node, *shards.begin(), *to};
  }
  return {};
}

evacuation::step evacuation::moved() {
  moves_ = false;
  nodes_.forget_shard(under_way_.from, under_way_.shard);
  tried_.clear();
  why_.clear();
  return next();
}

evacuation::step evacuation::not_moved(const std::string& why) {
  moves_ = false;
  tried_.insert(under_way_.to);
  why_ = why;
  return next();
}

evacuation::step evacuation::refused(const std::string& why) {
  moves_ = false;
  nodes_.forget_shard(under_way_.to, under_way_.shard);
  return nodes_.contains(under_way_.from) ? keep(under_way_.from, why) : next();
}

evacuation::step evacuation::keep(number node, const std::string& why) {
  auto result = stay{node, why};
  nodes_.stay(node);
  forget_first();
  return result;
}

void evacuation::forget_first() {
  leaving_.pop_front();
  tried_.clear();
  why_.clear();
}

} // namespace drover
