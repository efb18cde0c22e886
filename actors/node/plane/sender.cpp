#include "drover/actors/node/plane/sender.hpp"

#include "drover/actors/node/plane/frame_writer.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <utility>

namespace drover::plane {

namespace {

// What a frame in the queue takes besides its payload, so that many empty ones are bounded, too.
constexpr std::size_t entry_bytes = 256;
// What small frames may wait with beyond the limit: acknowledgements and requests are not to be lost for bulk that is
// under way before them.
constexpr std::size_t small_bytes_max = std::size_t{16} << 20;

std::size_t queued_bytes_of(const frame& what) {
  return what.bytes() + entry_bytes + what.segments().size() * sizeof(frame::segment);
}

} // namespace

sender::sender(connection over, const sender_options& options, end_callback ended)
    : over_(std::move(over)), options_(options), writer_(std::make_unique<frame_writer>(*over_.bytes)) {
  if (over_.side != side::writes)
    throw std::logic_error("a sender was given the reading end of a connection");
  thread_ = std::thread{[this, ended = std::move(ended)] { run(ended); }};
}

sender::~sender() {
  stopping_ = true;
  over_.bytes->shutdown();
  wake_.signal();
  thread_.join();
}

bool sender::send(std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what) {
  bool wanted = what && !what->segments().empty() && what->segments().size() <= frame::segments_max &&
                what->bytes() <= frame::bytes_max;
  auto bytes = wanted ? queued_bytes_of(*what) : 0;
  bool small = wanted && frame_writer::is_small(*what);
  auto beyond = small ? small_bytes_max : 0;
  entry letter{destination, kind, std::move(what)};
  {
    std::lock_guard lock{mutex_};
    auto queued = counts_.queued_bytes + bytes;
    bool fits = counts_.queued_bytes == 0 || queued <= beyond || queued - beyond <= options_.queue_bytes_max;
    if (!wanted || !fits || ended_) {
      ++counts_.dropped;
      return false;
    }
    if (!idle_ || !small) {
      queue_.push_back(std::move(letter));
      counts_.queued_bytes += bytes;
      if (std::exchange(idle_, false))
        wake_.signal();
      return true;
    }
    idle_ = false;
    ++counts_.frames;
    counts_.bytes += letter.what->bytes();
  }
  write_at_once(letter);
  return true;
}

// The thread goes on with what does not go at once, and with what came meanwhile. It says what became of a connection.
void sender::write_at_once(const entry& what) {
  bool is_done = false;
  std::optional<std::string> problem;
  try {
    writer_->add(what.destination, what.kind, what.what, nullptr);
    is_done = writer_->flush_now();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  std::lock_guard lock{mutex_};
  if (is_done && queue_.empty()) {
    idle_ = true;
    return;
  }
  problem_ = std::move(problem);
  wake_.signal();
}

sender::counts sender::traffic() const {
  std::lock_guard lock{mutex_};
  return counts_;
}

void sender::run(const end_callback& ended) {
  block_broken_pipe_signal();
  std::string sentence;
  try {
    write_frames();
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  over_.bytes->shutdown();
  std::deque<entry> dropped;
  {
    std::lock_guard lock{mutex_};
    ended_ = true;
    counts_.dropped += queue_.size();
    counts_.queued_bytes = 0;
    dropped.swap(queue_);
  }
  dropped.clear();
  if (!stopping_ && ended)
    ended("the data plane's connection to " + over_.address + " (" + name_of(over_.way) + ") ended: " + sentence);
}

void sender::write_frames() {
  over_.bytes->begin();
  std::optional<slot_writer> slots;
  if (over_.memory)
    slots.emplace(*over_.memory, options_.slot_bytes_max);
  while (!stopping_) {
    if (auto what = next()) {
      if (writer_->add(what->destination, what->kind, what->what, slots ? &*slots : nullptr)) {
        std::lock_guard lock{mutex_};
        ++counts_.shared;
      }
    } else {
      writer_->flush();
      wait_for_work();
      // What another thread wrote a part of, before a record of a slot could come between.
      writer_->flush();
    }
  }
}

std::optional<sender::entry> sender::next() {
  std::lock_guard lock{mutex_};
  if (queue_.empty())
    return std::nullopt;
  auto result = std::move(queue_.front());
  queue_.pop_front();
  ++counts_.frames;
  counts_.bytes += result.what->bytes();
  counts_.queued_bytes -= queued_bytes_of(*result.what);
  return result;
}

void sender::wait_for_work() {
  {
    std::lock_guard lock{mutex_};
    if (!queue_.empty())
      return;
    idle_ = true;
  }
  // Slots that come back are no reason to get up: they are looked for when one is wanted. Nor is a signal handler,
  // which leaves the writing to whoever has it.
  std::array<pollfd, 2> waited{pollfd{.fd = wake_.handle(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = over_.bytes->handle(), .events = POLLRDHUP, .revents = 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0)
    if (errno != EINTR)
      throw connection_lost(system_sentence("waiting failed", errno));
  if (waited[0].revents != 0)
    wake_.clear();
  {
    std::lock_guard lock{mutex_};
    if (problem_)
      throw connection_lost(*problem_);
  }
  if (waited[1].revents != 0)
    throw connection_lost(closed_by_peer);
}

} // namespace drover::plane
