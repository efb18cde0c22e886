#include "drover/models/data/idx.hpp"

#include <doctest/doctest.h>

#include "files.hpp"
#include "temporary_folder.hpp"

namespace drover {

namespace {

std::string refusal(const std::string& bytes) {
  return test::refusal([&bytes] { static_cast<void>(decode_idx(std::as_bytes(std::span(bytes)), "file")); });
}

} // namespace

TEST_CASE("an IDX array is read with its extents") {
  auto bytes = test::idx({2, 3}, std::string("\x00\x01\x02\xfd\xfe\xff", 6));
  auto array = decode_idx(std::as_bytes(std::span(bytes)), "file");
  CHECK(array.extents == std::vector<std::size_t>{2, 3});
  CHECK(array.values == std::vector<std::uint8_t>{0, 1, 2, 253, 254, 255});
}

TEST_CASE("bytes that are no IDX array are refused with a sentence") {
  CHECK(refusal("") == "file is not an IDX file: it must start with two bytes of 0, a type and a number of extents");
  CHECK(refusal("a,b,c,d") ==
        "file is not an IDX file: it must start with two bytes of 0, a type and a number of extents");
  CHECK(refusal(test::idx({1}, "a", 13)) == "file holds values of IDX type 13: only type 8, unsigned bytes, is read");
  CHECK(refusal(test::idx({}, "a")) == "file has no extents: at least one is needed");
  CHECK(refusal(test::idx({2, 3}, "").substr(0, 9)) == "file is cut short: 9 bytes are there, its header alone has 12");
  CHECK(refusal(test::idx({2, 3}, "abcde")) ==
        "file is cut short: its extents ask for more than the 5 values that are there");
  CHECK(refusal(test::idx({2, 3}, "abcdefg")) == "file has 1 bytes left over behind its 6 values");
  CHECK(refusal(test::idx({0, 3}, "")) == "file has an extent of 0: it is empty");
}

TEST_CASE("extents whose product overflows are refused before anything is allocated") {
  auto huge = 0xffffffffu;
  CHECK(refusal(test::idx({huge, huge, huge, huge}, "abc")) ==
        "file is cut short: its extents ask for more than the 3 values that are there");
  CHECK(refusal(test::idx({1u << 31, 1u << 31, 4}, "")) ==
        "file is cut short: its extents ask for more than the 0 values that are there");
}

TEST_CASE("images and labels make a data set, bytes scaled to 0 to 1") {
  test::temporary_folder folder;
  auto images = folder.write("images.gz", test::gzip(test::idx({2, 1, 3}, std::string("\x00\x33\xff\xff\x00\x00", 6))));
  auto labels = folder.write("labels", test::idx({2}, std::string("\x00\x02", 2)));
  auto data = load_idx(images, labels);
  auto shape = data->shape();
  CHECK(data->size() == 2);
  CHECK(shape.features == 3);
  CHECK(shape.classes == 3);
  CHECK(shape.height == 1);
  CHECK(shape.width == 3);
  CHECK(shape.channels == 1);
  std::vector<float> features(6);
  std::vector<std::uint32_t> read_labels(2);
  data->read(std::vector<std::uint32_t>{1, 0}, features, read_labels);
  CHECK(features == std::vector<float>{1, 0, 0, 0, 0x33 / 255.0f, 1});
  CHECK(read_labels == std::vector<std::uint32_t>{2, 0});
}

TEST_CASE("images and labels that do not fit each other or the training data are refused by name") {
  test::temporary_folder folder;
  auto images = folder.write("images", test::idx({2, 1, 3}, "abcdef"));
  auto flat = folder.write("flat", test::idx({6}, "abcdef"));
  auto three = folder.write("three", test::idx({3}, std::string("\x00\x01\x01", 3)));
  auto two = folder.write("two", test::idx({2}, std::string("\x00\x05", 2)));
  auto of = [](auto... arguments) { return test::refusal([=] { static_cast<void>(load_idx(arguments...)); }); };
  CHECK(of(images, three) == three.string() + " has 3 labels for the 2 images of " + images.string());
  CHECK(of(images, images) == images.string() + " has 3 extents: labels need one");
  CHECK(of(flat, two) == flat.string() + " has 1 extents: images need samples x height x width, perhaps x channels, "
                                         "or samples x features");
  const data_shape like{.features = 3, .classes = 5, .height = 1, .width = 3, .channels = 1};
  CHECK(of(images, two, &like) == two.string() + " has label 5: the training labels allow 0 to 4");
  const data_shape other{.features = 4, .classes = 9, .height = 2, .width = 2, .channels = 1};
  CHECK(of(images, two, &other) == images.string() + " has 3 values an image, the training images have 4: height and "
                                                     "width must be the same");
}

} // namespace drover
