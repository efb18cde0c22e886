#include "drover/actors/node/plane/record.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace drover;
using namespace drover::plane;

namespace {

record sample() {
  return {.kind = 3, .destination = 0x0123456789abcdef, .segments = 2, .slot = 5, .bytes = 128};
}

std::vector<std::byte> table_of(const std::vector<std::uint32_t>& words) {
  std::vector<std::byte> result(table_bytes(words.size()));
  std::memcpy(result.data(), words.data(), words.size() * sizeof(std::uint32_t));
  return result;
}

} // namespace

TEST_CASE("a record that was encoded and decoded says the same") {
  CHECK(decode_record(encode(sample())) == sample());
  record added{.type = record_type::slot_added, .slot = 0, .bytes = 4096};
  CHECK(decode_record(encode(added)) == added);
}

TEST_CASE("a record that claims more than the limits is refused") {
  auto refused = [](record what, const char* part) {
    CHECK_THROWS_WITH_AS((void)decode_record(encode(what)), doctest::Contains(part), malformed_message);
  };
  auto what = sample();
  what.bytes = payload_bytes_max + 1;
  refused(what, "are allowed");
  what = sample();
  what.segments = frame::segments_max + 1;
  refused(what, "65537 segments");
  what.segments = 0;
  refused(what, "0 segments");
  what = sample();
  what.slot = record::slots_max;
  refused(what, "slot 128");
  what = {.type = record_type::slot_added, .slot = record::no_slot, .bytes = 8};
  refused(what, "slots are numbered");
  what.type = static_cast<record_type>(9);
  refused(what, "unknown type 9");
}

TEST_CASE("bytes that do not begin with a record's mark are refused") {
  auto bytes = encode(sample());
  bytes[0] ^= std::byte{1};
  CHECK_THROWS_WITH_AS((void)decode_record(bytes), doctest::Contains("mark"), malformed_message);
}

TEST_CASE("segments of a payload begin at aligned places, and the head must say their sum") {
  auto what = sample();
  auto layout = decode_table(what, table_of({2, 1}));
  CHECK(layout.offsets == std::vector<std::size_t>{0, 64});
  CHECK(layout.bytes == 128);
  what.bytes = 72;
  CHECK_THROWS_WITH_AS((void)decode_table(what, table_of({2, 1})), doctest::Contains("128 bytes"), malformed_message);
  what.segments = 3;
  CHECK_THROWS_AS((void)decode_table(what, table_of({2, 1})), malformed_message);
}

TEST_CASE("a table of more bytes than a frame may have is refused") {
  auto what = sample();
  what.bytes = payload_bytes_max;
  CHECK_THROWS_WITH_AS((void)decode_table(what, table_of({0xffffffff, 0xffffffff})), doctest::Contains("at most"),
                       malformed_message);
}
