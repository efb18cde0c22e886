// Makes data like those that Hogwild! was published with, of any size, and says how good the model is that made them.
//
//     generate_data svm FILE.svm [ROWS [SEED]]            RCV1's shape: 47,236 features, some 70 a row, two classes
//     generate_data ratings FILE.csv [RATINGS [SEED]]     Netflix's shape: some 209 ratings a user, popular items

#include "planted.hpp"
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

std::uint64_t number(const std::string& what, const char* text) {
  std::uint64_t result = 0;
  const auto* end = text + std::strlen(text);
  auto [behind, error] = std::from_chars(text, end, result);
  if (error != std::errc{} || behind != end || result == 0)
    throw std::invalid_argument(what + " is " + text + ": a whole number from 1 is allowed");
  return result;
}

std::ofstream opened(const std::string& file) {
  std::ofstream result{file};
  if (!result)
    throw std::runtime_error(file + " cannot be written");
  return result;
}

void close(std::ofstream& out, const std::string& file) {
  out.close();
  if (!out)
    throw std::runtime_error(file + " cannot be written to its end");
}

void write_rows(const std::string& file, std::uint64_t rows, std::uint64_t seed) {
  constexpr std::size_t features = 47'236;
  const planted::two_classes classes{features, seed, 0.1f};
  drover::random_sequence random{drover::random_bits::key(seed, "rows")};
  auto out = opened(file);
  std::vector<float> margins;
  for (std::uint64_t i = 0; i < rows; ++i) {
    auto row = classes.draw(random);
    out << (row.is_positive ? "1" : "-1");
    auto value = ":" + std::to_string(row.value);
    for (auto column : row.columns)
      out << ' ' << column + 1 << value;
    out << '\n';
    margins.push_back(row.is_positive ? row.score : -row.score);
  }
  close(out, file);
  // The hidden weights may be longer or shorter without another sign anywhere: of those, the least loss.
  auto loss_of = [&](float length) {
    double sum = 0;
    for (auto margin : margins)
      sum += static_cast<double>(std::max(0.0f, 1 - length * margin));
    return sum / static_cast<double>(rows);
  };
  auto loss = loss_of(0);
  for (float length = 1; length < 64; length *= 1.1f)
    loss = std::min(loss, loss_of(length));
  auto right = std::ranges::count_if(margins, [](float margin) { return margin > 0; });
  std::printf("%llu rows of %zu features; the planted model: hinge loss %.4f, accuracy %.2f %%\n",
              static_cast<unsigned long long>(rows), features, loss,
              100 * static_cast<double>(right) / static_cast<double>(rows));
}

// As many ratings a user as Netflix's data have, and as many users as that needs. Items by the root: few ratings of as
// many items would say nothing about any.
void write_ratings(const std::string& file, std::uint64_t ratings, std::uint64_t seed) {
  constexpr double netflix_ratings = 100'480'507;
  constexpr double netflix_users = 480'189;
  constexpr double netflix_items = 17'770;
  auto share = static_cast<double>(ratings) / netflix_ratings;
  auto items = static_cast<std::size_t>(std::ceil(netflix_items * std::sqrt(share)));
  auto mean = netflix_ratings / netflix_users;
  const planted::zipf popularity{std::max<std::size_t>(items, 2), drover::random_bits::key(seed, "popularity")};
  const planted::tastes tastes{seed};
  drover::random_sequence random{drover::random_bits::key(seed, "ratings")};
  auto out = opened(file);
  out << "user,item,rating\n";
  double squares = 0;
  std::uint32_t user = 0;
  for (std::uint64_t done = 0; done < ratings; ++user) {
    // Some rate much more than others: exponentially distributed.
    auto unit = (drover::random_bits::symmetric(random.next()) + 1) / 2;
    auto wanted = 1 + static_cast<std::uint64_t>(-mean * std::log(1 - unit));
    for (auto item : popularity.draw(std::min(wanted, ratings - done), random)) {
      auto opinion = tastes.of(user, item);
      auto noise = 0.3f * static_cast<float>(drover::random_bits::normal(random.next()));
      auto stars = std::clamp(std::round(opinion + noise), 1.0f, 5.0f);
      out << 'u' << user + 1 << ",i" << item + 1 << ',' << stars << '\n';
      squares += static_cast<double>((stars - opinion) * (stars - opinion));
      ++done;
    }
  }
  close(out, file);
  std::printf("%llu ratings by %u users of %zu items; the planted model: RMSE %.4f\n",
              static_cast<unsigned long long>(ratings), user, items, std::sqrt(squares / static_cast<double>(ratings)));
}

} // namespace

int main(int argc, char** argv) try {
  const std::string kind = argc > 1 ? argv[1] : "";
  if (argc < 3 || argc > 5 || (kind != "svm" && kind != "ratings"))
    throw std::invalid_argument("say svm FILE.svm [ROWS [SEED]] or ratings FILE.csv [RATINGS [SEED]]");
  auto is_svm = kind == "svm";
  auto count = argc > 3 ? number(is_svm ? "ROWS" : "RATINGS", argv[3]) : is_svm ? 100'000 : 1'000'000;
  auto seed = argc > 4 ? number("SEED", argv[4]) : 1;
  (is_svm ? write_rows : write_ratings)(argv[2], count, seed);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "generate_data: %s\n", error.what());
  return 1;
}
