#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <sys/types.h>

namespace drover::bench {

/// Another parameter server's client, with the rest of that system behind it, for comparison: a program that reads
/// lines
///
///     WHAT BYTES KEYS COUNT WINDOW
///
/// and does so many requests on so many keys with so many bytes each, so many of them under way at any time; of more
/// keys than one each request has others, of `other_program::rows`. WHAT is `pull`, `push`, which applies plain SGD, or
/// `push-only`, which applies nothing; of more keys than one also `pull-array` and `push-array`, for which the keys are
/// indices of an array. It answers each line with the seconds that took, and ends at the end of its
/// input.
class other_program {
public:
  static constexpr std::size_t rows = 1 << 20;

  struct requests {
    const char* what;
    std::size_t bytes;
    std::size_t keys;
    std::uint64_t count;
    std::uint64_t window;
  };

  /// Make it before the program has threads.
  explicit other_program(const std::string& path);
  ~other_program();
  other_program(const other_program&) = delete;
  other_program& operator=(const other_program&) = delete;

  /// Requests a second. Throws std::runtime_error where the program does not answer with a number.
  [[nodiscard]] double run(const requests& wanted);

private:
  struct close_file {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  pid_t id_ = -1;
  std::unique_ptr<std::FILE, close_file> to_;
  std::unique_ptr<std::FILE, close_file> from_;
};

} // namespace drover::bench
