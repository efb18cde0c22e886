#include "drover/actors/cli/crash_note.hpp"

#include "drover/actors/cli/command.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <unistd.h>

namespace drover::cli {

namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// A signal's handler is handed nothing: what it needs has to be where it can be found.
std::array<char, 512> text;
std::atomic<std::size_t> text_size = 0;

void say_and_end(int) {
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, text.data(), text_size);
  ::_exit(exit_code::crashed);
}

} // namespace

crash_note::crash_note() {
  for (auto signal : signals)
    std::signal(signal, say_and_end);
}

crash_note::~crash_note() {
  for (auto signal : signals)
    std::signal(signal, SIG_DFL);
}

void crash_note::write(std::string_view note) {
  auto size = std::min(note.size(), text.size());
  text_size = 0;
  std::copy_n(note.begin(), size, text.begin());
  text_size = size;
}

} // namespace drover::cli
