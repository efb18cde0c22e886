#include "drover/models/factor_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace drover {

namespace {

using quad [[gnu::vector_size(16)]] = float;
using quad_bits [[gnu::vector_size(16)]] = std::uint64_t;
/// Two floats: what is copied as one value may be any.
using pair_bits [[gnu::may_alias]] = std::uint64_t;

constexpr std::size_t quad_size = 4;
using whole_quad = std::integral_constant<std::size_t, quad_size>;

/// Rows that nobody else writes.
struct plain_access {
  static quad read(const float* from) {
    quad result;
    std::memcpy(&result, from, sizeof result);
    return result;
  }
};

/// Rows of an odd rank, every second of which lies across the multiples of 8 bytes.
struct single_access {
  static quad read(const float* from) {
    return quad{read_shared(from[0]), read_shared(from[1]), read_shared(from[2]), read_shared(from[3])};
  }
  static void write(float* to, quad values) {
    for (std::size_t i = 0; i < quad_size; ++i)
      write_shared(to[i], values[i]);
  }
};

/// Put together in registers: a register that is loaded where two halves were just stored waits for both.
struct pair_access {
  static quad read(const float* from) { return reinterpret_cast<quad>(quad_bits{load(from), load(from + 2)}); }
  static void write(float* to, quad values) {
    auto bits = reinterpret_cast<quad_bits>(values);
    store(to, bits[0]);
    store(to + 2, bits[1]);
  }

private:
  // Not atomic_ref, which would drop the permission to alias.
  static std::uint64_t load(const float* from) {
    return __atomic_load_n(reinterpret_cast<const pair_bits*>(from), __ATOMIC_RELAXED);
  }
  static void store(float* to, std::uint64_t value) {
    __atomic_store_n(reinterpret_cast<pair_bits*>(to), value, __ATOMIC_RELAXED);
  }
};

template <class Access>
quad read_quad(const float* from, whole_quad) {
  return Access::read(from);
}

/// The end of a row, with zeros behind it.
template <class Access>
quad read_quad(const float* from, std::size_t count) {
  quad result{};
  for (std::size_t i = 0; i < count; ++i)
    result[i] = read_shared(from[i]);
  return result;
}

template <class Access>
void write_quad(float* to, quad values, whole_quad) {
  Access::write(to, values);
}

template <class Access>
void write_quad(float* to, quad values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    write_shared(to[i], values[i]);
}

template <class Access>
float product_of_rows(const float* p, const float* q, std::size_t rank) {
  quad low{};
  quad high{};
  auto add = [p, q](quad& to, std::size_t k, auto count) {
    to += read_quad<Access>(p + k, count) * read_quad<Access>(q + k, count);
  };
  std::size_t k = 0;
  for (; k + 2 * quad_size <= rank; k += 2 * quad_size) {
    add(low, k, whole_quad{});
    add(high, k + quad_size, whole_quad{});
  }
  if (k + quad_size <= rank) {
    add(low, k, whole_quad{});
    add(high, k + quad_size, rank - k - quad_size);
  } else {
    add(low, k, rank - k);
  }
  auto sums = low + high;
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

template <class Access>
void step_rows(float* p, float* q, std::size_t rank, factor_step step, lost_updates* watched) {
  // Read anew: what others wrote since the error was computed is not lost.
  auto step_quad = [p, q, step](std::size_t k, auto count, auto write) {
    auto user = read_quad<Access>(p + k, count);
    auto item = read_quad<Access>(q + k, count);
    auto user_after = user + step.rate * (step.error * item - step.pull * user);
    auto item_after = item + step.rate * (step.error * user - step.pull * item);
    write(p + k, user, user_after, count);
    write(q + k, item, item_after, count);
  };
  std::size_t k = 0;
  if (watched != nullptr) {
    k = std::min(rank, quad_size);
    step_quad(0, k, [watched](float* to, quad before, quad after, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i)
        watched->write(to[i], before[i], after[i]);
    });
  }
  auto write = [](float* to, quad, quad after, auto count) { write_quad<Access>(to, after, count); };
  for (; k + quad_size <= rank; k += quad_size)
    step_quad(k, whole_quad{}, write);
  if (k < rank)
    step_quad(k, rank - k, write);
}

} // namespace

float factor_product(const float* p, const float* q, std::size_t rank) {
  return product_of_rows<plain_access>(p, q, rank);
}

float shared_factor_product(const float* p, const float* q, std::size_t rank) {
  return rank % 2 == 0 ? product_of_rows<pair_access>(p, q, rank) : product_of_rows<single_access>(p, q, rank);
}

void shared_factor_step(float* p, float* q, std::size_t rank, factor_step step, lost_updates* watched) {
  if (rank % 2 == 0)
    step_rows<pair_access>(p, q, rank, step, watched);
  else
    step_rows<single_access>(p, q, rank, step, watched);
}

} // namespace drover
