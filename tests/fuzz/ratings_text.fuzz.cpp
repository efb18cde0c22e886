#include "drover/models/data/ratings_text.hpp"

#include "drover/models/data/ratings_dataset.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace drover;

namespace {

struct outcome {
  std::vector<rating> ratings;
  rating_names names;
  std::uint64_t skipped = 0;
  std::string first_skipped;

  bool operator==(const outcome& other) const {
    auto size = ratings.size();
    if (size != other.ratings.size() || names != other.names || skipped != other.skipped ||
        first_skipped != other.first_skipped)
      return false;
    for (std::size_t i = 0; i < size; ++i)
      if (ratings[i].user != other.ratings[i].user || ratings[i].item != other.ratings[i].item ||
          ratings[i].value != other.ratings[i].value)
        return false;
    return true;
  }
};

outcome read(const std::vector<std::string_view>& pieces, const ratings_text_options& options,
             std::uint64_t skipped_max, const rating_names* like = nullptr) {
  outcome result;
  bad_lines bad{skipped_max};
  ratings_text text{"f.csv", options, like};
  try {
    for (auto piece : pieces)
      text.read(piece, result.ratings, bad);
  } catch (const std::runtime_error&) { // refused
  }
  result.names = text.take_names();
  result.skipped = bad.skipped();
  result.first_skipped = bad.first();
  return result;
}

void demand(bool holds) {
  if (!holds)
    std::abort();
}

/// Every name is there once, has an allowed length, and was rated by or for.
void check_names(const std::vector<std::string>& names, const std::set<std::uint32_t>& used, std::uint32_t names_max) {
  demand(names.size() <= names_max && used.size() == names.size());
  demand(used.empty() || *used.rbegin() == names.size() - 1);
  demand(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  for (const auto& name : names)
    demand(!name.empty() && name.size() <= ratings_text::name_bytes_max);
}

} // namespace

// Bad lines that may be skipped, the most names, and text: whole, in two pieces, and again with the names that it has.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  std::uint64_t skipped_max = in.take<std::uint8_t>();
  ratings_text_options options{.minimum = -1000, .maximum = 1000, .names_max = in.take<std::uint8_t>()};
  auto bytes = in.take_rest();
  std::string_view all{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  auto whole = read({all}, options, skipped_max);
  auto border = all.find('\n', all.size() / 2);
  border = border == std::string_view::npos ? all.size() : border + 1;
  demand(whole == read({all.substr(0, border), all.substr(border)}, options, skipped_max));

  std::set<std::uint32_t> users;
  std::set<std::uint32_t> items;
  for (const auto& each : whole.ratings) {
    demand(each.value >= options.minimum && each.value <= options.maximum);
    users.insert(each.user);
    items.insert(each.item);
  }
  check_names(whole.names.users, users, options.names_max);
  check_names(whole.names.items, items, options.names_max);
  static_cast<void>(ratings_dataset{whole.ratings, whole.names.users.size(), whole.names.items.size()});

  // Lines that were skipped for a name too many are read now; no name is new.
  auto again = read({all}, options, skipped_max, &whole.names);
  demand(again.names == whole.names && again.ratings.size() >= whole.ratings.size() && again.skipped <= whole.skipped);
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](char skipped_max, char names_max, const std::string& text) {
    return std::string{skipped_max, names_max} + text;
  };
  return {
      seed(0, 100, "userId,movieId,rating,timestamp\r\n1,31,2.5,1260759144\r\n1,1029,3.0,1260759179\r\n2,31,4\r\n"),
      seed(3, 2, "\xef\xbb\xbf\"Smith, J.\", \"say \"\"hi\"\"\",+3\nZo\xeb,b,1e3\n\"x\"y,2,3\n1,2,nan\n\n,2,3\n"),
      seed(1, 9, "1::1193::5::978300760\n1,2,3\n2::661::3::978302109\n"),
      seed(1, 9, "196\t242\t3\t881250949\n186\t\t3\n22 377 1\n"),
      seed(2, 9, " a  b\t1 \nb\n1, 2, 3\n\tc d 2"),
  };
}
