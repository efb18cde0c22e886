#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace drover {

/// Reference-counted, 64-byte aligned memory for parameters and gradients. Whoever holds the last pointer frees it; who
/// holds a `shared_bulk` reads, and only one that nobody else holds may be written.
class bulk {
public:
  static constexpr std::size_t alignment = 64;

  /// `count` floats, not initialised. The bytes up to the next multiple of `alignment` are there, too, and are 0: a
  /// Cap'n Proto segment is whole words.
  explicit bulk(std::size_t count);
  ~bulk();
  bulk(const bulk&) = delete;
  bulk& operator=(const bulk&) = delete;

  [[nodiscard]] std::span<float> values() { return {data_, count_}; }
  [[nodiscard]] std::span<const float> values() const { return {data_, count_}; }
  [[nodiscard]] std::size_t size() const { return count_; }

private:
  float* data_;
  std::size_t count_;
};

using shared_bulk = std::shared_ptr<const bulk>;

/// Bulk memory that is used over and over: what the last holder lets go of comes back here instead of to the system,
/// whose fresh pages cost more than the copy they are for. Any thread may take and let go. The pool may die before its
/// memory.
class bulk_pool {
public:
  /// Keeps at most `kept_max` unused pieces.
  explicit bulk_pool(std::size_t kept_max);

  /// A piece of `count` floats, not initialised; its padding is 0.
  [[nodiscard]] std::shared_ptr<bulk> take(std::size_t count);

private:
  struct shelf;
  std::shared_ptr<shelf> shelf_;
};

} // namespace drover
