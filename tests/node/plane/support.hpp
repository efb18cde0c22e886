#pragma once

#include "drover/actors/node/plane/connection.hpp"
#include "drover/messages/frame.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace drover::plane::test {

inline constexpr way all_ways[] = {way::tls, way::tcp, way::unix_socket, way::shared_memory};

/// Such that the network's way is tls, or anything else.
[[nodiscard]] identity own_identity(way network = way::tcp);

/// Segments of so many words, of bytes that depend on the seed.
[[nodiscard]] std::shared_ptr<const frame> frame_of(const std::vector<std::size_t>& words, std::uint64_t seed = 1);

[[nodiscard]] bool same(const frame& a, const frame& b);

struct ends {
  connection writes;
  connection reads;
};
/// The two ends of one connection in this process, through a listener that is gone again.
[[nodiscard]] ends connect_ends(way best);

/// Things that other threads put in.
template <class T>
class inbox {
public:
  void put(T value) {
    std::lock_guard lock{mutex_};
    values_.push_back(std::move(value));
    changed_.notify_all();
  }
  /// Waits until there are so many; false after a time that only a hang takes.
  [[nodiscard]] bool wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return values_.size() >= count; });
  }
  [[nodiscard]] std::vector<T> take() {
    std::lock_guard lock{mutex_};
    return std::move(values_);
  }
  [[nodiscard]] std::size_t size() {
    std::lock_guard lock{mutex_};
    return values_.size();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> values_;
};

struct letter {
  std::uint64_t destination = 0;
  std::uint16_t kind = 0;
  std::shared_ptr<const frame> what;
};

/// A deliver_callback that puts into a box.
[[nodiscard]] inline auto into(inbox<letter>& box) {
  return [&box](std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what) {
    box.put({destination, kind, std::move(what)});
  };
}
[[nodiscard]] inline auto into(inbox<std::string>& box) {
  return [&box](const std::string& sentence) { box.put(sentence); };
}

/// Waits until it holds; false after a time that only a hang takes.
[[nodiscard]] bool comes_true(const std::function<bool()>& what);

[[nodiscard]] std::size_t open_descriptors();
/// Slots of shared memory that this process has mapped.
[[nodiscard]] std::size_t mapped_slots();
/// And rings, one for each end of a connection.
[[nodiscard]] std::size_t mapped_rings();

} // namespace drover::plane::test
