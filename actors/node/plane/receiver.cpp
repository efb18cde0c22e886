#include "drover/actors/node/plane/receiver.hpp"

#include "drover/actors/node/plane/frame_reader.hpp"

#include <new>
#include <optional>
#include <stdexcept>

namespace drover::plane {

receiver::receiver(connection over, deliver_callback deliver, end_callback ended) : over_(std::move(over)) {
  if (over_.side != side::reads)
    throw std::logic_error("a receiver was given the writing end of a connection");
  thread_ = std::thread{[this, deliver = std::move(deliver), ended = std::move(ended)] { run(deliver, ended); }};
}

receiver::~receiver() {
  stopping_ = true;
  over_.bytes->shutdown();
  thread_.join();
}

void receiver::run(const deliver_callback& deliver, const end_callback& ended) {
  block_broken_pipe_signal();
  std::string sentence = closed_by_peer;
  try {
    read_frames(deliver);
  } catch (const std::bad_alloc&) {
    sentence = "there is no memory for a frame that came";
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  over_.bytes->shutdown();
  if (!stopping_ && ended)
    ended("the data plane's connection from " + over_.address + " (" + name_of(over_.way) + ") ended: " + sentence);
}

void receiver::read_frames(const deliver_callback& deliver) {
  over_.bytes->begin();
  std::optional<slot_reader> slots;
  if (over_.memory)
    slots.emplace(over_.memory);
  frame_reader reader{*over_.bytes, slots ? &*slots : nullptr};
  while (auto next = reader.next())
    deliver(next->destination, next->kind, std::move(next->what));
}

} // namespace drover::plane
