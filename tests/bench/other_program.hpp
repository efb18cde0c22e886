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
///     WHAT BYTES COUNT WINDOW
///
/// and does so many requests on a block of so many bytes, so many of them under way at any time; WHAT is `pull`,
/// `push`, which applies plain SGD, or `push-only`, which applies nothing. It answers each line with the seconds that
/// took, and ends at the end of its input.
class other_program {
public:
  /// Make it before the program has threads.
  explicit other_program(const std::string& path);
  ~other_program();
  other_program(const other_program&) = delete;
  other_program& operator=(const other_program&) = delete;

  /// Requests a second. Throws std::runtime_error where the program does not answer with a number.
  [[nodiscard]] double run(const char* what, std::size_t bytes, std::uint64_t count, std::uint64_t window);

private:
  struct close_file {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  pid_t id_ = -1;
  std::unique_ptr<std::FILE, close_file> to_;
  std::unique_ptr<std::FILE, close_file> from_;
};

} // namespace drover::bench
