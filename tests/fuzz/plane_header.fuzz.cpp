#include "drover/actors/node/plane/byte_ring.hpp"
#include "drover/actors/node/plane/frame_reader.hpp"
#include "drover/actors/node/plane/frame_writer.hpp"
#include "drover/actors/node/plane/handshake.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

using namespace drover;
using namespace drover::plane;

namespace {

const identity own{.build = "a build", .token = "a token of the fuzzer"};
const nonce challenge{};

// A connection that carries what the input says, a few bytes at a time.
class input_transport final : public transport {
public:
  input_transport(std::span<const std::byte> bytes, std::size_t step) : rest_(bytes), step_(step) {}
  std::size_t read_some(std::span<std::byte> into) override {
    auto count = std::min({into.size(), rest_.size(), step_});
    std::ranges::copy(rest_.first(count), into.begin());
    rest_ = rest_.subspan(count);
    return count;
  }
  void write(std::span<iovec>) override { std::abort(); }
  void shutdown() override {}
  int handle() const override { return -1; }

private:
  std::span<const std::byte> rest_;
  std::size_t step_;
};

// Collects what would be written.
class output_transport final : public transport {
public:
  std::size_t read_some(std::span<std::byte>) override { std::abort(); }
  void write(std::span<iovec> pieces) override {
    for (auto piece : pieces)
      text.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
  }
  void shutdown() override {}
  int handle() const override { return -1; }
  std::string text;
};

// How many whole frames there are before something is refused, parsed by the pure functions alone. Nothing where a
// frame claims more than there is: a reader would wait for it with its memory in hand.
std::optional<std::size_t> count_frames(std::span<const std::byte> bytes) {
  std::size_t frames = 0;
  try {
    while (bytes.size() >= record::head_bytes) {
      auto head = decode_record(bytes.first<record::head_bytes>());
      if (decode_record(encode(head)) != head)
        std::abort();
      bytes = bytes.subspan(record::head_bytes);
      if (head.type != record_type::frame || bytes.size() < table_bytes(head.segments))
        return frames;
      auto layout = decode_table(head, bytes.first(table_bytes(head.segments)));
      bytes = bytes.subspan(table_bytes(head.segments));
      for (std::size_t i = 0; i < layout.words.size(); ++i)
        if (layout.offsets[i] % bulk::alignment != 0 ||
            layout.offsets[i] + 8 * std::size_t{layout.words[i]} > head.bytes)
          std::abort();
      if (head.slot != record::no_slot)
        return frames;
      if (head.bytes > bytes.size())
        return std::nullopt;
      bytes = bytes.subspan(head.bytes);
      ++frames;
    }
  } catch (const malformed_message&) { // refused
  }
  return frames;
}

void read_frames(std::span<const std::byte> bytes, std::size_t step) {
  auto expected = count_frames(bytes);
  if (!expected)
    return;
  input_transport from{bytes, step};
  frame_reader reader{from, nullptr};
  std::size_t frames = 0;
  try {
    while (auto next = reader.next()) {
      ++frames;
      static_cast<void>(next->what->flatten());
    }
  } catch (const malformed_message&) {
  } catch (const connection_lost&) {
  }
  if (frames != *expected)
    std::abort();
}

// Both ends of a ring, while the numbers that they share become whatever the input says.
void use_ring(fuzz::input& in) {
  struct alignas(64) line {
    std::array<std::byte, 64> bytes;
  };
  std::vector<line> lines(byte_ring::memory_bytes / sizeof(line));
  auto memory = std::as_writable_bytes(std::span{lines});
  byte_ring writes{memory};
  byte_ring reads{memory};
  std::vector<std::byte> bytes(byte_ring::capacity + 1);
  constexpr std::array<std::size_t, 4> places{0, 8, sizeof(line), sizeof(line) + 8};
  while (!in.empty()) {
    auto what = in.take<std::uint8_t>();
    auto count = std::min<std::uint64_t>(in.take<std::uint32_t>(), bytes.size());
    try {
      if (what % 8 < 4) {
        auto number = in.take<std::uint64_t>();
        std::memcpy(memory.data() + places[what % 4], &number, sizeof number);
      } else if (what % 2 == 0) {
        if (writes.put(std::span{bytes}.first(count)) > std::min<std::uint64_t>(count, byte_ring::capacity))
          std::abort();
        static_cast<void>(writes.publish() || writes.wait_for_room());
      } else {
        if (reads.take(std::span{bytes}.first(count)).bytes > count)
          std::abort();
        static_cast<void>(reads.wait_for_bytes());
      }
    } catch (const malformed_message&) {
    }
  }
}

template <std::size_t Size, class Decode>
void try_handshake(std::span<const std::byte> bytes, Decode decode) {
  if (bytes.size() < Size)
    return;
  try {
    decode(bytes.template first<Size>());
  } catch (const handshake_refused&) {
  }
}

std::string string_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

// The first byte says how many bytes come at a time, or which message of a handshake the rest is, or that it is what
// happens to a ring; else it is what a connection carries.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto what = in.take<std::uint8_t>();
  if (what == 3) {
    use_ring(in);
    return 0;
  }
  auto bytes = in.take_rest();
  if (what == 0)
    try_handshake<challenge_bytes>(bytes, [](auto part) { static_cast<void>(decode_challenge(part)); });
  else if (what == 1)
    try_handshake<hello_bytes>(bytes, [](auto part) { static_cast<void>(decode_hello(part, own, challenge)); });
  else if (what == 2)
    try_handshake<answer_bytes>(bytes, [](auto part) { static_cast<void>(decode_answer(part, own, challenge)); });
  else
    read_frames(bytes, what);
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  output_transport to;
  frame_writer writer{to};
  for (std::size_t words : {0, 1, 9}) {
    auto memory = std::make_shared<bulk>(2 * words);
    auto what = std::make_shared<frame>();
    for (int i = 0; i < 3; ++i)
      what->add({reinterpret_cast<const capnp::word*>(memory->values().data()), words}, memory);
    writer.add(words, 1, what, nullptr);
  }
  writer.flush();
  auto added = string_of(encode({.type = record_type::slot_added, .slot = 1, .bytes = 4096}));
  auto in_slot =
      string_of(encode({.segments = 1, .slot = 1, .bytes = 64})) + "\1" + std::string(table_bytes(1) - 1, '\0');
  hello said{.what = wish::to_write, .shared_memory = true, .peer = 1, .random = {}, .refusal = {}};
  answer heard{.shared_memory = true, .host = "host", .local_name = "name", .refusal = ""};
  // Written, and what is written said to be more than fits.
  std::string ring{"\x03\x04\x10\0\0\0\x05\x20\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x05\x20\0\0\0", 29};
  return {
      ring,
      "\xff" + to.text,
      "\x07" + to.text,
      "\xff" + added + in_slot,
      "\xff" + in_slot,
      std::string(1, '\0') + string_of(encode_challenge(challenge)),
      "\x01" + string_of(encode_hello(said, own, challenge)),
      "\x02" + string_of(encode_answer(heard, own, challenge)),
  };
}
