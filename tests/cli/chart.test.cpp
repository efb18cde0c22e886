#include "drover/actors/cli/chart.hpp"

#include "drover/actors/cli/axis.hpp"
#include "drover/actors/cli/svg.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

using drover::cli::axis;
using drover::cli::chart;
using drover::cli::chart_line;
using drover::cli::chart_panel;
using drover::cli::svg;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> labels(const axis& one) {
  std::vector<std::string> result;
  for (auto tick : one.ticks())
    result.push_back(one.label(tick));
  return result;
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t result = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++result;
  return result;
}

} // namespace

TEST_CASE("an axis goes over all values and has ticks at round numbers") {
  using words = std::vector<std::string>;
  CHECK(labels(axis::over({0.03, 9.7}, 5)) == words{"0", "2", "4", "6", "8", "10"});
  CHECK(labels(axis::over({0.31, 0.54, nan}, 5)) == words{"0.30", "0.35", "0.40", "0.45", "0.50", "0.55"});
  CHECK(labels(axis::over({-1, 1}, 4)) == words{"-1.0", "-0.5", "0.0", "0.5", "1.0"});
  CHECK(labels(axis::over({1200, 4100}, 5)) == words{"1000", "2000", "3000", "4000", "5000"});
}

TEST_CASE("an axis over one value, or none, still has two ends") {
  for (const auto& values : std::vector<std::vector<double>>{{}, {nan}, {0}, {5}, {5, 5}, {-3}}) {
    auto one = axis::over(values, 5);
    CHECK(one.high > one.low);
    CHECK(one.ticks().size() >= 2);
    for (auto value : values)
      if (value == value) {
        CHECK(one.place(value) >= 0);
        CHECK(one.place(value) <= 1);
      }
  }
}

TEST_CASE("text in a picture is escaped, and control characters do not get into it") {
  CHECK(drover::cli::xml_escaped("a<b> & \"c\"\x01\n") == "a&lt;b&gt; &amp; &quot;c&quot;  ");
  svg out{10, 20};
  out.text({1, 2}, "a<b", {{"fill", "\"red\""}});
  CHECK(out.document() == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10.0\" height=\"20.0\" "
                          "viewBox=\"0 0 10.0 20.0\" font-family=\"sans-serif\" font-size=\"12\">\n"
                          "  <text x=\"1.0\" y=\"2.0\" fill=\"&quot;red&quot;\">a&lt;b</text>\n</svg>\n");
}

TEST_CASE("a chart has a line for each line, a name for each colour, and a gap where there is nothing to draw") {
  chart_panel panel{"Loss", "time", "loss", {}};
  panel.lines.push_back({{{0, 2}, {1, 1}, {2, nan}, {3, 1}}, 0, false});
  panel.lines.push_back({{{0, 3}, {2, 2}}, 1, false});
  panel.lines.push_back({{{0, 3}, {1, 2}, {2, 70}, {3, 2}}, 1, true});
  panel.lines.push_back({{{0, nan}}, 2, false});
  auto text = chart({panel, panel}, {{"bsp", "ssp:2", "a<b"}, "a note"});
  CHECK(count(text, "<polyline") == 6);
  CHECK(count(text, "stroke-dasharray") == 2);
  CHECK(count(text, "<circle") == 2 * 3 + 1);
  CHECK(count(text, ">Loss</text>") == 2);
  for (const auto* word : {">bsp</text>", ">ssp:2</text>", ">a&lt;b</text>", ">a note</text>"})
    CHECK(count(text, word) == 1);
  CHECK(count(text, "nan") == 0);
}

TEST_CASE("points are placed by their values: first below and left of second") {
  chart_panel panel{"", "", "", {{{{0, 0}, {10, 1}}, 0, true}}};
  auto text = chart({panel}, {{"one"}, ""});
  // The plot begins at (70, 40) and is 390 by 300.
  CHECK(text.find("<polyline points=\"70.0,340.0 460.0,40.0\"") != std::string::npos);
}

TEST_CASE("the first seven lines have different colours") {
  chart_panel panel;
  for (std::size_t i = 0; i < 7; ++i)
    panel.lines.push_back({{{0, 0}, {1, 1}}, i, true});
  auto text = chart({panel}, {{}, ""});
  std::set<std::string> seen;
  for (auto at = text.find("<polyline"); at != std::string::npos; at = text.find("<polyline", at + 1)) {
    auto color = text.find("stroke=\"#", at);
    seen.insert(text.substr(color, 17));
  }
  CHECK(seen.size() == 7);
}
