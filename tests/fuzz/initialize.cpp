#include "tests/fuzz/target.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>

namespace {

int write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const auto& seed : drover::fuzz::seeds()) {
    std::ofstream file{folder / ("seed-" + std::to_string(number++)), std::ios::binary};
    file << seed;
    if (!file.flush()) {
      std::cerr << "error: a seed cannot be written to " << folder << '\n';
      return 1;
    }
  }
  return 0;
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view flag = "-seeds=";
  for (int i = 1; i < *argc; ++i) {
    std::string_view argument = (*argv)[i];
    if (argument.starts_with(flag))
      std::exit(write_seeds(argument.substr(flag.size())));
  }
  return 0;
}
