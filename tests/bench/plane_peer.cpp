#include "tests/bench/plane_peer.hpp"

#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/plane/listener.hpp"

#include <cstdio>
#include <future>
#include <limits>
#include <stdexcept>
#include <unistd.h>

namespace drover::bench {

namespace {

enum kind : std::uint16_t { just_look, look_and_answer };

plane::identity identity_of(plane::way by) {
  return {.build = "benchmark", .token = "a token of benchmarks", .encrypted = by == plane::way::tls};
}

[[noreturn]] void serve(plane::way by, int port_to) {
  std::promise<plane::connection> reads;
  std::promise<plane::connection> writes;
  plane::listener listening{
      {},
      identity_of(by),
      [&](plane::connection one) { (one.side == plane::side::reads ? reads : writes).set_value(std::move(one)); },
      [](const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); }};
  auto port = listening.port();
  if (write(port_to, &port, sizeof port) != sizeof port)
    _exit(1);
  plane::sender answers{writes.get_future().get(), {}, {}};
  volatile std::uint64_t seen = 0;
  plane::receiver frames{reads.get_future().get(),
                         [&](std::uint64_t destination, std::uint16_t kind, const std::shared_ptr<const frame>& what) {
                           auto words = what->segments().back();
                           seen = seen + *reinterpret_cast<const std::uint64_t*>(&words.front()) +
                                  *reinterpret_cast<const std::uint64_t*>(&words.back());
                           if (kind == look_and_answer) {
                             auto answer = std::make_shared<frame>();
                             answer->add(words.first(8), what);
                             answers.send(destination, kind, answer);
                           }
                         },
                         {}};
  for (;;)
    pause();
}

} // namespace

plane_peer::plane_peer(plane::way by) : by_(by) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error("no pipe could be made");
  child_ = std::make_unique<child_process>([&ends, by] { serve(by, ends[1]); });
  auto got = read(ends[0], &port_, sizeof port_);
  close(ends[0]);
  close(ends[1]);
  if (got != sizeof port_)
    throw std::runtime_error("the receiving process did not start");
}

void plane_peer::connect() {
  plane::connect_options options;
  options.best = by_;
  answers_from_ = std::make_unique<plane::receiver>(
      plane::connect("127.0.0.1", port_, identity_of(by_), plane::side::reads, 1, options),
      [this](std::uint64_t, std::uint16_t, const std::shared_ptr<const frame>&) {
        std::lock_guard lock{mutex_};
        ++answers_;
        answered_.notify_one();
      },
      plane::end_callback{});
  // The queue holds references to one and the same frame.
  sender_ = std::make_unique<plane::sender>(
      plane::connect("127.0.0.1", port_, identity_of(by_), plane::side::writes, 1, options),
      plane::sender_options{.queue_bytes_max = std::numeric_limits<std::size_t>::max()}, plane::end_callback{});
  if (sender_->way() != by_)
    throw std::runtime_error(std::string{"no connection by "} + plane::name_of(by_));
}

void plane_peer::send(const std::shared_ptr<const frame>& what, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i)
    sender_->send(0, just_look, what);
  sender_->send(0, look_and_answer, what);
  std::unique_lock lock{mutex_};
  answered_.wait(lock, [this] { return answers_ > 0; });
  --answers_;
}

} // namespace drover::bench
