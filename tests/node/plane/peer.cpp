// A process to be killed: connects to the port that it is given and floods it with frames, or keeps all that it gets.

#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include "tests/node/plane/support.hpp"
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <sys/prctl.h>
#include <thread>

using namespace drover;
using namespace drover::plane;

namespace {

constexpr std::size_t words = (1 << 20) / sizeof(capnp::word);

[[noreturn]] void stay() {
  for (;;)
    std::this_thread::sleep_for(std::chrono::seconds{1});
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  connect_options options;
  for (auto way : test::all_ways)
    if (std::string_view{argv[3]} == name_of(way))
      options.best = way;
  bool writes = std::string_view{argv[2]} == "writes";
  auto over = connect("127.0.0.1", port, test::own_identity(options.best),
                      writes ? plane::side::writes : plane::side::reads, 1, options);
  if (!writes) {
    test::inbox<test::letter> kept;
    receiver here{std::move(over), test::into(kept), {}};
    stay();
  }
  sender here{std::move(over), {}, {}};
  auto what = test::frame_of({words});
  for (;;)
    if (!here.send(0, 0, what))
      std::this_thread::yield();
}
