#pragma once

#include "drover/actors/core/admission.hpp"
#include "drover/actors/core/keyed_rows.hpp"
#include "drover/actors/core/second_chance.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace drover {

/// What a sparse table is like.
struct row_table_options {
  std::size_t width = 1;         ///< floats a row
  std::size_t state_slots = 0;   ///< floats of the update rule's state beside each of them
  std::uint64_t admit_after = 1; ///< a row is made at this update that asks for its key
  /// Above that, rows that were not used lately are forgotten, and keys that wait to be admitted, which have an eighth
  /// of it; 0: never. One row there is always.
  std::size_t bytes_max = 0;
};

/// What one parameter shard holds of a sparse table: rows of floats by 64-bit key, each with the state of an update
/// rule and a count of its updates. A row is made when it is updated first; before, it reads as what it would begin
/// with. What happens depends on nothing but the calls made. Owned by one thread.
class row_table {
public:
  /// Writes what the row of a key begins with. Must depend on the key alone, and not throw.
  using initializer_of_row = std::function<void(std::uint64_t key, std::span<float> values)>;

  /// Throws std::invalid_argument for a row without floats or with more than keyed_rows::floats_max, state included,
  /// and for rows that are made at update 0.
  row_table(const row_table_options& options, initializer_of_row initialize);

  /// Valid until the next call that may make a row; while there is no limit of bytes, for ever.
  struct row {
    std::span<float> values; ///< width
    std::span<float> state;  ///< one range of width floats after the other, state_slots of them; 0 at first
    std::uint64_t* updates;  ///< for the caller to count; 0 at first
  };

  /// Rows that are there.
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Memory in use: rows, their keys and counts, the index, and keys that wait.
  [[nodiscard]] std::size_t bytes() const { return rows_.bytes() + clock_.bytes() + admission_.bytes(); }
  /// Rows that were forgotten so far.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  /// Updates that came before their key was admitted.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

  /// Copies the row of `key`, or what it would begin with, into `width` floats. Makes no row; a row that is there was
  /// used now.
  void read(std::uint64_t key, std::span<float> into);

  /// Says that `keys` are read or updated next: their cache misses are then waited for together and not one by one,
  /// which makes two to four times as many keys a second of a large table. 16 to 32 keys at a time are best. Changes
  /// nothing else.
  void prefetch(std::span<const std::uint64_t> keys) const { rows_.prefetch(keys); }

  /// The row of `key`, for the caller to update; made where it is not there. Nothing where the key is not admitted yet.
  [[nodiscard]] std::optional<row> update(std::uint64_t key);

  /// visit(key, std::span<const float> values) for each row.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      visit(rows_.key(i), std::span<const float>{rows_.floats(i), options_.width});
  }

  // To go on in another process, with the same options: facts() and the bytes of contents() are sent, prepare() makes
  // room for these bytes there, and adopt() takes them over. From then on both tables do the same; only bytes() may
  // differ for a while, where the index grows here, or keys waited.

  /// The little that contents() does not say.
  struct image {
    std::uint64_t rows = 0;
    std::uint64_t waiting = 0;      ///< keys that are not admitted yet
    std::uint64_t hand = 0;         ///< the row whose turn it is to be forgotten, if it was not used
    std::uint64_t waiting_hand = 0; ///< the same of keys that wait
    std::uint64_t evicted = 0;
    std::uint64_t refused = 0;
  };
  [[nodiscard]] image facts() const;
  /// All rows and what belongs to them, in pieces of whole floats. Valid until the next update.
  [[nodiscard]] std::vector<std::span<const std::byte>> contents() const;
  /// Bytes of contents() by these facts: to be compared with what came before room is made for it. Throws
  /// std::invalid_argument where no table with these options can have such facts.
  [[nodiscard]] std::uint64_t contents_bytes(const image& facts) const;
  /// Drops all rows and makes room for the contents of another table, in pieces of the same sizes. Until adopt()
  /// nothing else may be called. Throws as contents_bytes() does, and then has changed nothing.
  [[nodiscard]] std::vector<std::span<std::byte>> prepare(const image& facts);
  /// Takes over what was written there. Throws std::invalid_argument where that is not what a table can hold, and is
  /// empty then.
  void adopt();

private:
  std::size_t make(std::uint64_t key);
  void check_contents() const;

  row_table_options options_;
  initializer_of_row initialize_;
  keyed_rows rows_;
  second_chance clock_; ///< used only where there is a limit of bytes
  admission admission_;
  std::uint64_t evicted_ = 0;
  std::uint64_t refused_ = 0;
};

} // namespace drover
