#include "drover/actors/core/printable.hpp"

#include <doctest/doctest.h>

using drover::printable;

TEST_CASE("control characters, and bytes that are no UTF-8, are written as escapes") {
  CHECK(printable("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(printable("\x1b[31m\x7f") == "\\x1b[31m\\x7f");
  CHECK(printable(std::string_view{"\0", 1}) == "\\x00");
  CHECK(printable("caf\xc3\xa9 \xf0\x9f\x90\x91") == "caf\xc3\xa9 \xf0\x9f\x90\x91");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\xc2\\x9b31m"); // a control character of Latin-1
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("\xe2\x82!") == "\\xe2\\x82!");
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
}

TEST_CASE("a long text is cut between characters, with a sign that it is") {
  std::string letters;
  for (int i = 0; i < 60; ++i)
    letters += "\xc3\xa9";
  CHECK(printable(letters) == letters);
  CHECK(printable(letters + "x") == letters + "\xe2\x80\xa6");
  CHECK(printable(std::string(3000, 'x')).size() == 63);
  CHECK(printable("").empty());
}
