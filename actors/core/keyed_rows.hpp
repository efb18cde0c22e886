#pragma once

#include "drover/actors/core/key_index.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace drover {

/// Rows by 64-bit key at positions 0 … size() - 1. A row is its key, a count and some floats, packed together so that
/// it costs one cache miss, in 64-byte aligned chunks that never move.
class keyed_rows {
public:
  static constexpr std::size_t none = key_index::none;
  static constexpr std::size_t floats_max = std::size_t{1} << 24;

  /// Rows of `floats` <= floats_max floats, never more than `rows_max` of them.
  keyed_rows(std::size_t floats, std::size_t rows_max);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t rows_max() const { return rows_max_; }
  /// Of one row in memory and in contents().
  [[nodiscard]] std::size_t row_bytes() const { return row_bytes_; }
  /// Memory in use.
  [[nodiscard]] std::size_t bytes() const;
  /// The largest bytes() on the way to `rows`, which are `rows_max`.
  [[nodiscard]] static std::size_t bytes_max(std::size_t floats, std::size_t rows);

  /// The position of `key`; none where it has no row.
  [[nodiscard]] std::size_t find(std::uint64_t key) const { return index_.find(key, keys()); }
  /// Brings the rows of `keys` into the cache, all at a time.
  void prefetch(std::span<const std::uint64_t> keys) const;
  /// A new row at position size(), which is returned; its count and floats are 0. There is room, and none of this key.
  std::size_t append(std::uint64_t key);
  /// A new row in the place of another.
  void replace(std::size_t position, std::uint64_t key);
  /// Takes a row out; the last one gets its position.
  void remove(std::size_t position);
  /// A bounded part of the work that growing left; insertions do it, too.
  void carry() { index_.carry(keys()); }

  [[nodiscard]] std::uint64_t key(std::size_t position) const { return head_of(position).key; }
  [[nodiscard]] std::uint64_t& count(std::size_t position) { return head_of(position).count; }
  [[nodiscard]] std::uint64_t count(std::size_t position) const { return head_of(position).count; }
  [[nodiscard]] float* floats(std::size_t position) { return reinterpret_cast<float*>(at(position) + sizeof(head)); }
  [[nodiscard]] const float* floats(std::size_t position) const {
    return reinterpret_cast<const float*>(at(position) + sizeof(head));
  }

  /// All rows as they lie in memory, by position.
  [[nodiscard]] std::vector<std::span<const std::byte>> contents() const;
  /// Drops all rows and makes room for so many, to be filled with the contents of another.
  [[nodiscard]] std::vector<std::span<std::byte>> prepare(std::size_t rows);
  /// Finds the keys of what was filled in. Throws std::invalid_argument where one comes twice.
  void adopt();

private:
  struct head {
    std::uint64_t key;
    std::uint64_t count;
  };
  static constexpr std::size_t alignment = 64;
  struct deleting {
    void operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t{alignment}); }
  };
  using chunk = std::unique_ptr<std::byte[], deleting>;

  [[nodiscard]] std::byte* at(std::size_t position) const {
    return chunks_[position >> chunk_bits_].get() + (position & (rows_a_chunk() - 1)) * row_bytes_;
  }
  [[nodiscard]] head& head_of(std::size_t position) { return *reinterpret_cast<head*>(at(position)); }
  [[nodiscard]] const head& head_of(std::size_t position) const { return *reinterpret_cast<const head*>(at(position)); }
  // What the index asks for keys.
  struct key_of {
    const keyed_rows& rows;
    std::uint64_t operator()(std::size_t position) const { return rows.key(position); }
  };
  [[nodiscard]] key_of keys() const { return {*this}; }
  [[nodiscard]] std::size_t rows_a_chunk() const { return std::size_t{1} << chunk_bits_; }
  [[nodiscard]] static std::size_t bytes_of_row(std::size_t floats);
  void add_chunk();
  void begin(std::size_t position, std::uint64_t key);

  std::size_t row_bytes_;
  unsigned chunk_bits_;
  std::size_t rows_max_;
  std::size_t size_ = 0;
  std::size_t chunk_bytes_ = 0; ///< of all chunks
  std::vector<chunk> chunks_;
  key_index index_;
};

} // namespace drover
