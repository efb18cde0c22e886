#include "drover/gpu/devices.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/format.hpp"

#include <iostream>

namespace drover::cli {

namespace {

void print(const gpu::device_info& one) {
  constexpr std::size_t name_columns = 8;
  std::cout << left(one.name, name_columns) << "  " << one.description << '\n';
  auto indent = std::string(name_columns + 2, ' ');
  if (one.memory_bytes != 0)
    std::cout << indent << bytes_text(one.memory_bytes)
              << (one.free_bytes != 0 ? ", " + bytes_text(one.free_bytes) + " free" : "") << '\n';
  if (!one.problem.empty())
    std::cout << indent << "not used: " << one.problem << '\n';
}

} // namespace

int run_devices(std::span<const std::string> arguments) {
  boost::program_options::options_description known;
  known.add_options()("help,h", "this text");
  if (parse(arguments, known, 0).has("help")) {
    std::cout << "usage: drover devices\n\nWhere this machine can compute, as --device names it.\n" << known;
    return exit_code::completed;
  }
  auto found = gpu::find_devices(true);
  for (const auto& one : found.devices)
    print(one);
  if (!found.note.empty())
    std::cout << "no GPU: " << found.note << '\n';
  return exit_code::completed;
}

} // namespace drover::cli
