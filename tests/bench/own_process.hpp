#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <type_traits>

namespace drover::bench {

template <class T>
struct process_result {
  T value{};                    ///< what the work returned
  double processor_seconds = 0; ///< of all its threads
};

/// Runs `work` in a forked process; it writes `bytes` bytes to the place it is given, which come back at `result`.
/// Returns the processor seconds that it used.
double run_in_own_process(const std::function<void(void*)>& work, void* result, std::size_t bytes);

/// Runs `work` in a forked process, so that it finds fresh memory: in one process a side gets, round after round, the
/// very pages that another left, and how pages lie to each other in a cache decides ten percent where a model just
/// fits into it. Call it before the program starts threads. Throws std::runtime_error where the process does not end
/// well.
template <class Work>
[[nodiscard]] auto in_own_process(const Work& work) {
  using value = std::invoke_result_t<const Work&>;
  static_assert(std::is_trivially_copyable_v<value>, "it comes back as bytes");
  process_result<value> result;
  result.processor_seconds = run_in_own_process(
      [&work](void* to) {
        auto made = work();
        std::memcpy(to, &made, sizeof made);
      },
      &result.value, sizeof result.value);
  return result;
}

} // namespace drover::bench
