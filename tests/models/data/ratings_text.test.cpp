#include "drover/models/data/ratings_text.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drover::ratings_text_test {

namespace {

using names = std::vector<std::string>;

struct outcome {
  std::vector<rating> ratings;
  rating_names found;
  std::uint64_t skipped = 0;
  std::string first_skipped;
};

outcome read(std::string_view text, const ratings_text_options& options = {}, const rating_names* like = nullptr,
             std::uint64_t skipped_max = 0) {
  outcome result;
  bad_lines bad{skipped_max};
  ratings_text reader{"f.csv", options, like};
  reader.read(text, result.ratings, bad);
  result.found = reader.take_names();
  result.skipped = bad.skipped();
  result.first_skipped = bad.first();
  return result;
}

std::string refusal(std::string_view text, const ratings_text_options& options = {}) {
  return test::refusal([text, &options] { static_cast<void>(read(text, options)); });
}

/// "user item value; …" with the names in the places of indices.
std::string written(const outcome& from) {
  std::string result;
  for (const auto& each : from.ratings) {
    auto value = std::to_string(each.value);
    result += from.found.users.at(each.user) + ' ' + from.found.items.at(each.item) + ' ' +
              value.substr(0, value.find('.') + 2) + "; ";
  }
  return result;
}

std::string written(std::string_view text) {
  return written(read(text));
}

} // namespace

TEST_CASE("ratings are read, and users and items are numbered as they appear") {
  auto all = read("7 film 4.5\n3 film 1\n7 book -2e-1\n");
  CHECK(all.found.users == names{"7", "3"});
  CHECK(all.found.items == names{"film", "book"});
  REQUIRE(all.ratings.size() == 3);
  CHECK(all.ratings[1].user == 1);
  CHECK(all.ratings[1].item == 0);
  CHECK(all.ratings[1].value == 1);
  CHECK(all.ratings[2].user == 0);
  CHECK(all.ratings[2].item == 1);
  CHECK(all.ratings[2].value == -0.2f);
}

TEST_CASE("the separator of ratings is told by the first line, :: before tab before comma before blanks") {
  auto expected = "a b 1.0; c d 2.0; ";
  CHECK(written("a b 1\nc d 2\n") == expected);
  CHECK(written("a  b\t1 \n \tc d\t 2") == expected);
  CHECK(written("a,b,1\nc,d,2\n") == expected);
  CHECK(written("a\tb\t1\nc\td\t2\n") == expected);
  CHECK(written("a::b::1\nc::d::2\n") == expected);
  CHECK(written("a , b,\t1\n c,d , 2 \n") == expected);
  CHECK(written(" a \t b\t 1\nc\td\t2\n") == expected);
  CHECK(written("a, b::c\td::1\n") == "a, b c\td 1.0; ");
  CHECK(written("a, b\tc,:: d\t1\n") == "a, b c,:: d 1.0; ");
  CHECK(written("a b,c: d,1\n") == "a b c: d 1.0; ");
  CHECK(written("a,b c 1\n") == "a,b c 1.0; ");
}

TEST_CASE("a first line that leaves the separator of ratings open is bad, and the next one tells") {
  auto all = read("x,y\n7,8,9\n", {}, nullptr, 1);
  CHECK(written(all) == "7 8 9.0; ");
  CHECK(all.first_skipped ==
        "f.csv, line 1, column 4: a rating is written USER ITEM RATING, and there are fewer than three fields");
}

TEST_CASE("a first line of ratings without any number is a header, and no other line is") {
  CHECK(written("userId,movieId,rating,timestamp\n1,2,3.5,99\n") == "1 2 3.5; ");
  CHECK(written("\n \t\nuser\titem\trating\n1\t2\t3\n") == "1 2 3.0; ");
  CHECK(written("user::item::rating\n1::2::3\n") == "1 2 3.0; ");
  CHECK(read("user item rating\n").ratings.empty());
  CHECK(read("user item rating\n").found == rating_names{});
  CHECK(refusal("user,item,rating,2\n") == "f.csv, line 1, column 11: a rating has to be a number");
  CHECK(refusal("1,item,rating\n") == "f.csv, line 1, column 8: a rating has to be a number");
  CHECK(refusal("user,item,nan\n") == "f.csv, line 1, column 11: a rating has to be a number that a float can hold");
  CHECK(refusal("a,b,c\na,b,c\n") == "f.csv, line 2, column 5: a rating has to be a number");
  CHECK(refusal("1,2,3\na,b,c\n") == "f.csv, line 2, column 5: a rating has to be a number");
}

TEST_CASE("blank lines, byte order mark, CRLF and further fields are no trouble for ratings") {
  CHECK(written("\xef\xbb\xbf"
                "1,2,3,4,x,,\r\n\r\n \t\r\n5,6,7,\"\r\n8,9,+1") == "1 2 3.0; 5 6 7.0; 8 9 1.0; ");
  CHECK(written("1\t2\t3\t978300760\n") == "1 2 3.0; ");
  CHECK(written("1::2::3::978300760\n") == "1 2 3.0; ");
  CHECK(written("4 5 6\n1 2 3 good, really, good::\n") == "4 5 6.0; 1 2 3.0; ");
  CHECK(read("").ratings.empty());
  CHECK(read("1,2,3\n\xef\xbb\xbf"
             "1,2,3\n")
            .found.users == names{"1", "\xef\xbb\xbf"
                                       "1"});
}

TEST_CASE("where commas separate ratings, fields may stand in quotes") {
  auto all = read("\"Smith, J.\", \"say \"\"hi\"\"\" ,\"3\"\n\"Smith, J.\",plain,4,\"x,y\n");
  CHECK(all.found.users == names{"Smith, J."});
  CHECK(all.found.items == names{"say \"hi\"", "plain"});
  CHECK(all.ratings[0].value == 3);
  CHECK(read("5\"\tb\"\"\t1\n").found.items == names{"b\"\""});
  CHECK(refusal("1,2,3\n\"1,2,3\n") == "f.csv, line 2, column 2: a quoted field does not end on its line");
  CHECK(refusal("1,2,3\n\"1\"x,2,3\n") ==
        "f.csv, line 2, column 4: a comma or the end of the line is needed behind a quoted field");
  CHECK(refusal("1,2,3\n1,5\" disk,3\n") ==
        "f.csv, line 2, column 3: a quote stands inside a field that does not start with one");
}

TEST_CASE("ids of ratings that are not UTF-8 are taken for Latin-1") {
  CHECK(read("Zo\xeb,\"\"\"\xfc\",1\nZo\xc3\xab,b,1\n").found.users == names{"Zo\xc3\xab"});
  CHECK(read("Zo\xeb,\"\"\"\xfc\",1\n").found.items == names{"\"\xc3\xbc"});
  CHECK(read("\"\xfc\"\tb\t1\n").found.users == names{"\"\xc3\xbc\""});
}

TEST_CASE("the same user may rate the same item again") {
  CHECK(written("1 2 3\n1 2 3\n1 2 5\n") == "1 2 3.0; 1 2 3.0; 1 2 5.0; ");
}

TEST_CASE("what is wrong with a rating is told with line and column") {
  for (auto* line : {"1,2", "1,", ",", "1", "\"1,2,3\",4"}) {
    CAPTURE(line);
    CHECK(refusal("1,2,3\n" + std::string{line}) ==
          "f.csv, line 2, column " + std::to_string(std::string{line}.size() + 1) +
              ": a rating is written USER ITEM RATING, and there are fewer than three fields between commas");
  }
  CHECK(refusal("1,2,3\n,2,3\n") == "f.csv, line 2, column 1: a user is empty");
  CHECK(refusal("1,2,3\n1,\"\",3\n") == "f.csv, line 2, column 4: an item is empty");
  CHECK(refusal("1\t2\t3\n\t2\t3\n") == "f.csv, line 2, column 1: a user is empty");
  CHECK(refusal("1::2::3\n1:: ::3\n") == "f.csv, line 2, column 4: an item is empty");
  for (auto* number : {"", "x", "1x", "+-1", "--1", "0x10", "1e", "1 2", "one"}) {
    CAPTURE(number);
    CHECK(refusal("1,2,3\n1,2," + std::string{number}) == "f.csv, line 2, column 5: a rating has to be a number");
  }
  for (auto* number : {"nan", "-nan", "inf", "+inf", "-infinity", "1e39", "1e400", "1e-400"}) {
    CAPTURE(number);
    CHECK(refusal("1,2,3\n1,2," + std::string{number}) ==
          "f.csv, line 2, column 5: a rating has to be a number that a float can hold");
  }
}

TEST_CASE("ratings outside of the range are refused, its ends are not") {
  ratings_text_options half_to_five{.minimum = 0.5f, .maximum = 5};
  CHECK(read("1 2 0.5\n1 2 5\n", half_to_five).ratings.size() == 2);
  CHECK(refusal("1 2 5.1\n", half_to_five) == "f.csv, line 1, column 5: a rating is 5.1: 0.5 to 5 are allowed");
  CHECK(refusal("1 2 0\n", half_to_five) == "f.csv, line 1, column 5: a rating is 0: 0.5 to 5 are allowed");
}

TEST_CASE("a line of ratings with another separator than the others is refused") {
  CHECK(refusal("1,2,3\n1::2::3\n") ==
        "f.csv, line 2, column 1: :: separate the fields, but commas did in line 1: one separator is needed in all "
        "lines");
  CHECK(refusal("\n1::2::3\n1\t2\t3\n").find("tabs separate the fields, but :: did in line 2:") != std::string::npos);
  CHECK(refusal("1\t2\t3\n1 2 3\n").find("blanks separate the fields, but tabs did in line 1:") != std::string::npos);
  CHECK(refusal("1 2 3\n1,2,3\n").find("commas separate the fields, but blanks did in line 1:") != std::string::npos);
  CHECK(refusal("1 2 3\n1, 2, 3\n").find("commas separate the fields, but blanks did in line 1:") != std::string::npos);
  CHECK(written("1 2 3\n1\t2\t3\n") == "1 2 3.0; 1 2 3.0; ");
}

TEST_CASE("a user or item of 256 bytes is read, a longer one is refused") {
  std::string longest(ratings_text::name_bytes_max, 'x');
  CHECK(written(longest + " 2 3\n1 " + longest + " 3\n") == longest + " 2 3.0; 1 " + longest + " 3.0; ");
  CHECK(refusal(longest + "x 2 3\n") == "f.csv, line 1, column 1: a user is longer than 256 bytes");
  CHECK(refusal("1 " + longest + "x 3\n") == "f.csv, line 1, column 3: an item is longer than 256 bytes");
  CHECK(refusal("1 " + longest.substr(1) + "\xfc 3\n") ==
        "f.csv, line 1, column 3: an item is longer than 256 bytes"); // 2 bytes in UTF-8
}

TEST_CASE("more users or items than there may be are refused, known ones are not") {
  ratings_text_options two{.names_max = 2};
  CHECK(read("a x 1\nb y 1\na y 1\n", two).ratings.size() == 3);
  CHECK(refusal("a x 1\nb x 1\nc x 1\n", two) == "f.csv, line 3, column 1: there are more than 2 users");
  CHECK(refusal("a x 1\na y 1\na z 1\n", two) == "f.csv, line 3, column 3: there are more than 2 items");
  CHECK(ratings_text_options{}.names_max == 4294967294);
}

TEST_CASE("a bad line adds no rating, user or item") {
  auto all = read("a x 1\nb y bad\nc z\nd w 9\ne x 2\nf g 3\n", {.maximum = 5, .names_max = 2}, nullptr, 4);
  CHECK(written(all) == "a x 1.0; e x 2.0; ");
  CHECK(all.found.users == names{"a", "e"});
  CHECK(all.found.items == names{"x"});
  CHECK(all.skipped == 4);
  CHECK(all.first_skipped == "f.csv, line 2, column 5: a rating has to be a number");
  all = read("a x 1\na y 1\nb z 1\nc y 1\n", {.names_max = 2}, nullptr, 1);
  CHECK(all.first_skipped == "f.csv, line 3, column 3: there are more than 2 items");
  CHECK(all.found.users == names{"a", "c"});
}

TEST_CASE("with the names of other ratings, users and items that those do not have are unknown") {
  rating_names like{{"b", "a"}, {"x"}};
  auto all = read("a x 1\nc x 2\nb y 3\nc y 4\n", {}, &like);
  CHECK(all.found == like);
  REQUIRE(all.ratings.size() == 4);
  CHECK(all.ratings[0].user == 1);
  CHECK(all.ratings[0].item == 0);
  CHECK(all.ratings[1].user == rating_unknown);
  CHECK(all.ratings[1].item == 0);
  CHECK(all.ratings[2].user == 0);
  CHECK(all.ratings[2].item == rating_unknown);
  CHECK(all.ratings[3].user == rating_unknown);
  rating_names twice{{"a", "a"}, {}};
  CHECK(test::refusal([&twice] { ratings_text("f.csv", {}, &twice); }) == "names of ratings have the user 'a' twice");
  CHECK_THROWS_AS(ratings_text("f.csv", {}, &twice), std::invalid_argument);
}

TEST_CASE("separator, names and lines of ratings go on from piece to piece") {
  ratings_text text{"f.csv"};
  std::vector<rating> all;
  bad_lines bad;
  text.read("user,item,rating\n", all, bad);
  text.read("a,x,1\n\n", all, bad);
  text.read("b,x,2\n", all, bad);
  CHECK(test::refusal([&text, &all, &bad] { text.read("a,y,3\nc,z,bad\nd,z,4\n", all, bad); }) ==
        "f.csv, line 6, column 5: a rating has to be a number");
  text.read("\xef\xbb\xbf"
            "a,x,4\n",
            all, bad);
  CHECK(all.size() == 4);
  CHECK(text.take_names() == rating_names{{"a", "b",
                                           "\xef\xbb\xbf"
                                           "a"},
                                          {"x", "y"}});
}

TEST_CASE("many users and items keep their indices") {
  constexpr std::uint32_t count = 5000;
  std::string text;
  for (int round = 0; round < 2; ++round)
    for (std::uint32_t i = 0; i < count; ++i)
      text += std::to_string(i * 7) + '\t' + std::to_string(i * 13 % count) + "\t1\n";
  auto all = read(text);
  REQUIRE(all.found.users.size() == count);
  REQUIRE(all.found.items.size() == count);
  std::uint32_t wrong = 0;
  for (std::uint32_t i = 0; i < 2 * count; ++i)
    wrong += all.ratings[i].user != i % count || all.ratings[i].item != i % count;
  CHECK(wrong == 0);
  CHECK(all.found.users[count - 1] == std::to_string((count - 1) * 7));
}

} // namespace drover::ratings_text_test
