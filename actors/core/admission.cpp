#include "drover/actors/core/admission.hpp"

#include <stdexcept>
#include <string>

namespace drover {

bool admission::ask(std::uint64_t key) {
  if (after_ == 1)
    return true;
  waiting_.carry();
  auto position = waiting_.find(key);
  if (position == keyed_rows::none) {
    if (waiting_.size() < waiting_.rows_max()) {
      position = waiting_.append(key);
    } else {
      position = hand_;
      waiting_.replace(position, key);
      hand_ = (hand_ + 1) % waiting_.size();
    }
  }
  if (++waiting_.count(position) < after_)
    return false;
  waiting_.remove(position);
  return true;
}

std::vector<std::span<std::byte>> admission::prepare(std::size_t hand, std::size_t keys) {
  hand_ = hand;
  return waiting_.prepare(keys);
}

void admission::adopt() {
  for (std::size_t i = 0; i < waiting_.size(); ++i)
    if (auto count = waiting_.count(i); count == 0 || count >= after_)
      throw std::invalid_argument("key " + std::to_string(waiting_.key(i)) + " waits after " + std::to_string(count) +
                                  " updates, and is to be admitted at update " + std::to_string(after_));
  waiting_.adopt();
}

} // namespace drover
