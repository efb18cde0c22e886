#pragma once

#include "drover/messages/message.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace drover {

/// Messages that came too early, in the order in which they came. Workers repeat what is not answered: however often
/// one comes, it is kept once.
template <class T>
class held_messages {
public:
  /// Most that are kept at once.
  static constexpr std::size_t count_max = 1u << 16;

  /// What makes a message a repetition of another: the worker, its epoch, and its own number in that life.
  using name = std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>;

  /// False, and it is not kept, where there are too many.
  [[nodiscard]] bool keep(const name& of, const message<T>& what) {
    if (names_.contains(of))
      return true;
    if (messages_.size() >= count_max)
      return false;
    names_.insert(of);
    messages_.push_back(what);
    return true;
  }

  /// Hands all of them over.
  [[nodiscard]] std::vector<message<T>> take() {
    names_.clear();
    return std::exchange(messages_, {});
  }

private:
  std::set<name> names_;
  std::vector<message<T>> messages_;
};

} // namespace drover
