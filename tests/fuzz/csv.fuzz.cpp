#include "drover/models/data/csv.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <stdexcept>

using namespace drover;

// A text naming the label's column, a text of data to train on, and the rest is data to test on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto skipped_max = in.take_count();
  auto label_column = in.take_text();
  auto train_bytes = in.take_bytes(in.take<std::uint16_t>());
  auto test_bytes = in.take_rest();
  try {
    bad_lines bad{skipped_max};
    csv_options options{.label_column = label_column};
    auto train = decode_csv(fuzz::text_of(train_bytes.data(), train_bytes.size()), "train.csv", options, bad);
    if (train.features.size() != train.labels.size() * (train.columns - 1))
      std::abort();
    options.like = &train;
    bad_lines bad_test{skipped_max};
    auto test = decode_csv({reinterpret_cast<const char*>(test_bytes.data()), test_bytes.size()}, "test.csv", options,
                           bad_test);
    if (test.classes != train.classes || test.columns != train.columns)
      std::abort();
    // Checks labels and lengths once more.
    static_cast<void>(make_dataset(std::move(train)));
    static_cast<void>(make_dataset(std::move(test)));
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](const std::string& column, const std::string& train, const std::string& test) {
    auto size = train.size();
    return std::string{3} + static_cast<char>(column.size()) + column + static_cast<char>(size & 0xff) +
           static_cast<char>(size >> 8) + train + test;
  };
  return {
      seed("", "a,b,label\n1,2,0\n3,4.5e-3,1\n", "a,b,label\n1,2,0\n"),
      seed("", "1,2,0\r\n3,-4,1\r\n", "+1, 2 ,1\r\n"),
      seed("kind", "\"x \"\"y\"\"\",kind\n1,\"cat\"\n2,dog\n", "1,dog\n"),
      seed("0", "0,1\n\n7,2\n", "7,2"),
      seed("9", "1,nan\n", "inf,1"),
  };
}
