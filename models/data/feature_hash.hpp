#pragma once

#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace drover {

// Features by their names instead of a dictionary of them, as in "Feature Hashing for Large Scale Multitask Learning"
// (Weinberger et al., 2009), without signs. The same on every machine, for text is hashed byte by byte.

/// How many bits may be asked for: as many features as 2 to the power of that.
inline constexpr std::uint32_t hash_bits_max = 30;
/// Vowpal Wabbit's own.
inline constexpr std::uint32_t hash_bits_usual = 18;

/// The finalizer of MurmurHash3, for 64 bits: each bit of the result depends on all of them. Different numbers give
/// different results. Hashes numbers.
[[nodiscard]] constexpr std::uint64_t mixed_bits(std::uint64_t bits) {
  bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccd;
  bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53;
  return bits ^ (bits >> 33);
}

inline constexpr std::uint64_t fnv_1a_basis = 0xcbf29ce484222325;

/// FNV-1a of 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/.
[[nodiscard]] constexpr std::uint64_t fnv_1a(std::string_view text, std::uint64_t basis = fnv_1a_basis) {
  for (auto letter : text)
    basis = (basis ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return basis;
}

/// Hashes names that belong together, those of one namespace or column. The hash of a name is FNV-1a of the name that
/// begins with the namespace's hash as its basis, then mixed; the namespace's is FNV-1a of its own name, mixed: so that
/// "c" in "ab" is not "bc" in "a".
class feature_namespace {
public:
  constexpr explicit feature_namespace(std::string_view name) : basis_(mixed_bits(fnv_1a(name))) {}

  [[nodiscard]] constexpr std::uint64_t operator()(std::string_view name) const {
    return mixed_bits(fnv_1a(name, basis_));
  }

private:
  std::uint64_t basis_;
};

/// The features of a row by their hashes, of which the lowest bits are the column. Serves one row after the other.
class hashed_row {
public:
  explicit hashed_row(std::uint32_t bits) : mask_((std::uint32_t{1} << bits) - 1) {}

  void clear() { features_.clear(); }
  /// What is 0 need not be there, and is left out.
  void add(std::uint64_t hash, float value) {
    if (value != 0)
      features_.emplace_back(static_cast<std::uint32_t>(hash) & mask_, value);
  }

  /// Adds them to `into`, columns ascending, values of the same column as one, their sum; no label and no end. False
  /// where a sum is none that a float can hold: then some of them were added.
  [[nodiscard]] bool write(sparse_rows& into);

private:
  std::uint32_t mask_;
  std::vector<std::pair<std::uint32_t, float>> features_;
};

} // namespace drover
