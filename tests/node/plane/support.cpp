#include "tests/node/plane/support.hpp"

#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/plane/listener.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>
#include <thread>

namespace drover::plane::test {

identity own_identity(way network) {
  return {.build = "a build", .token = "a token of the tests", .encrypted = network == way::tls};
}

std::shared_ptr<const frame> frame_of(const std::vector<std::size_t>& words, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  auto result = std::make_shared<frame>();
  for (auto count : words) {
    auto memory = std::make_shared<bulk>(2 * count);
    auto data = reinterpret_cast<std::uint64_t*>(memory->values().data());
    for (std::size_t i = 0; i < count; ++i)
      data[i] = random();
    result->add({reinterpret_cast<const capnp::word*>(data), count}, memory);
  }
  return result;
}

bool same(const frame& a, const frame& b) {
  if (a.segments().size() != b.segments().size())
    return false;
  for (std::size_t i = 0; i < a.segments().size(); ++i) {
    auto one = a.segments()[i];
    auto other = b.segments()[i];
    if (one.size() != other.size() || (!one.empty() && std::memcmp(one.data(), other.data(), one.size_bytes()) != 0))
      return false;
  }
  return true;
}

ends connect_ends(way best) {
  std::promise<connection> accepted;
  listener listening{{},
                     own_identity(best),
                     [&accepted](connection one) { accepted.set_value(std::move(one)); },
                     [](const std::string&) {}};
  connect_options options;
  options.best = best;
  auto writes = connect("127.0.0.1", listening.port(), own_identity(best), side::writes, 7, options);
  return {std::move(writes), accepted.get_future().get()};
}

bool comes_true(const std::function<bool()>& what) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!what()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

std::size_t open_descriptors() {
  std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

static std::size_t mapped(const std::string& what) {
  std::ifstream maps{"/proc/self/maps"};
  std::size_t result = 0;
  for (std::string line; std::getline(maps, line);)
    if (line.find("memfd:drover-" + what) != std::string::npos)
      ++result;
  return result;
}

std::size_t mapped_slots() {
  return mapped("slot");
}

std::size_t mapped_rings() {
  return mapped("ring");
}

} // namespace drover::plane::test
