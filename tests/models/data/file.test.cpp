#include "drover/models/data/file.hpp"

#include <doctest/doctest.h>

#include "files.hpp"
#include "temporary_folder.hpp"

namespace drover {

TEST_CASE("a file is read whole, packed or not, whatever its name") {
  test::temporary_folder folder;
  std::string contents(3'000'000, 'x');
  for (std::size_t i = 0; i < contents.size(); i += 7)
    contents[i] = static_cast<char>(i);
  CHECK(read_data_file(folder.write("plain.gz", contents)) == contents);
  CHECK(read_data_file(folder.write("packed", test::gzip(contents))) == contents);
  CHECK(read_data_file(folder.write("empty", "")).empty());
}

TEST_CASE("packed files that are damaged anywhere are refused") {
  test::temporary_folder folder;
  auto packed = test::gzip(std::string(1000, 'a') + "some letters that do not pack well: qwertzuiop");
  for (std::size_t length = 3; length < packed.size(); length += 5) {
    auto path = folder.write("cut.gz", packed.substr(0, length));
    CAPTURE(length);
    CHECK(test::refusal([&path] { static_cast<void>(read_data_file(path)); }) ==
          path.string() + " is damaged: it starts as gzip but does not unpack to its end");
  }
  auto wrong = packed;
  wrong[wrong.size() - 8] = static_cast<char>(wrong[wrong.size() - 8] + 1);
  auto path = folder.write("wrong.gz", wrong);
  CHECK_THROWS_AS(static_cast<void>(read_data_file(path)), std::runtime_error);
}

TEST_CASE("a small file cannot unpack to more than the limit") {
  test::temporary_folder folder;
  auto path = folder.write("bomb.gz", test::gzip(std::string(5'000'000, 'a')));
  CHECK(test::refusal([&path] { static_cast<void>(read_data_file(path, 4'999'999)); }) ==
        path.string() + " holds more than 4999999 bytes, which is the most that is read");
  CHECK(read_data_file(path, 5'000'000).size() == 5'000'000);
}

TEST_CASE("what is not there or no file is refused by name") {
  test::temporary_folder folder;
  auto missing = folder.path() / "missing";
  CHECK(test::refusal([&missing] { static_cast<void>(read_data_file(missing)); }) ==
        missing.string() + " does not exist: a data file is needed there");
  CHECK(test::refusal([&folder] { static_cast<void>(read_data_file(folder.path())); }) ==
        folder.path().string() + " is not a file: a data file is needed there");
}

} // namespace drover
