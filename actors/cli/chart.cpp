#include "drover/actors/cli/chart.hpp"

#include "drover/actors/cli/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace drover::cli {

namespace {

constexpr double panel_width = 480;
constexpr double plot_width = 390;
constexpr double plot_height = 300;
constexpr double margin_left = 70;
constexpr double margin_top = 40;
constexpr double legend_top = margin_top + plot_height + 60;
constexpr double legend_row = 20;
constexpr double legend_column = 150;
constexpr std::size_t legend_columns_of_panel = 3;
constexpr int tick_count = 5;

constexpr std::array<const char*, 7> colors{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                            "#E69F00", "#56B4E9", "#000000"};

std::string color_of(std::size_t number) {
  return colors[number % colors.size()];
}

void draw_marker(svg& out, picture_point at, std::size_t number) {
  svg::attributes filled{{"fill", color_of(number)}};
  auto [x, y] = at;
  switch (number % 4) {
  case 0:
    return out.circle(at, 3.5, filled);
  case 1:
    return out.rectangle({x - 3, y - 3}, 6, 6, filled);
  case 2:
    return out.polygon({{x, y - 4}, {x + 4, y + 3}, {x - 4, y + 3}}, filled);
  default:
    return out.polygon({{x, y - 4.5}, {x + 4.5, y}, {x, y + 4.5}, {x - 4.5, y}}, filled);
  }
}

class panel_drawing {
public:
  panel_drawing(svg& out, const chart_panel& panel, double left) : out_(out), panel_(panel), left_(left) {
    auto has_main_line = std::ranges::any_of(panel.lines, [](const auto& line) { return !line.is_thin; });
    std::vector<double> x;
    std::vector<double> y;
    for (const auto& line : panel.lines)
      for (const auto& point : line.points) {
        x.push_back(point.x);
        if (!has_main_line || !line.is_thin)
          y.push_back(point.y);
      }
    x_ = axis::over(x, tick_count);
    y_ = axis::over(y, tick_count);
  }

  void draw() {
    draw_axes();
    for (const auto& line : panel_.lines)
      draw_line(line);
  }

private:
  [[nodiscard]] picture_point place(picture_point point) const {
    return {left_ + plot_width * x_.place(point.x), margin_top + plot_height * (1 - y_.place(point.y))};
  }

  void draw_axes() {
    svg::attributes grid{{"stroke", "#DDDDDD"}};
    svg::attributes frame{{"fill", "none"}, {"stroke", "#444444"}};
    auto bottom = margin_top + plot_height;
    for (auto tick : x_.ticks()) {
      auto x = place({tick, 0}).x;
      out_.line({x, margin_top}, {x, bottom}, grid);
      out_.text({x, bottom + 16}, x_.label(tick), {{"text-anchor", "middle"}});
    }
    for (auto tick : y_.ticks()) {
      auto y = place({0, tick}).y;
      out_.line({left_, y}, {left_ + plot_width, y}, grid);
      out_.text({left_ - 6, y + 4}, y_.label(tick), {{"text-anchor", "end"}});
    }
    out_.rectangle({left_, margin_top}, plot_width, plot_height, frame);
    auto middle = left_ + plot_width / 2;
    out_.text({middle, margin_top - 14}, panel_.title, {{"text-anchor", "middle"}, {"font-size", "14"}});
    out_.text({middle, bottom + 36}, panel_.x_label, {{"text-anchor", "middle"}});
    // Turned around the plot's left edge: there a coordinate pair is upside down.
    out_.text({-(margin_top + plot_height / 2), left_ - 50}, panel_.y_label,
              {{"text-anchor", "middle"}, {"transform", "rotate(-90)"}});
  }

  // In pieces, between what is not finite or beyond the axes.
  void draw_line(const chart_line& line) {
    std::vector<picture_point> piece;
    for (const auto& point : line.points)
      if (std::isfinite(point.y) && y_.place(point.y) >= 0 && y_.place(point.y) <= 1)
        piece.push_back(place(point));
      else
        draw_piece(line, std::exchange(piece, {}));
    draw_piece(line, piece);
  }

  void draw_piece(const chart_line& line, const std::vector<picture_point>& points) {
    svg::attributes how{{"stroke", color_of(line.color)}, {"stroke-width", line.is_thin ? "1" : "2"}};
    if (line.is_thin)
      how.emplace_back("stroke-dasharray", "3 2");
    if (points.size() > 1)
      out_.polyline(points, how);
    if (!line.is_thin)
      for (const auto& point : points)
        draw_marker(out_, point, line.color);
  }

  svg& out_;
  const chart_panel& panel_;
  double left_;
  axis x_;
  axis y_;
};

void draw_legend(svg& out, const chart_legend& legend, std::size_t columns) {
  for (std::size_t i = 0; i < legend.names.size(); ++i) {
    auto row = i / columns;
    auto x = margin_left + legend_column * static_cast<double>(i % columns);
    auto y = legend_top + legend_row * static_cast<double>(row);
    out.line({x, y}, {x + 30, y}, {{"stroke", color_of(i)}, {"stroke-width", "2"}});
    draw_marker(out, {x + 15, y}, i);
    out.text({x + 36, y + 4}, legend.names[i], {});
  }
}

} // namespace

std::string chart(const std::vector<chart_panel>& panels, const chart_legend& legend) {
  auto columns = legend_columns_of_panel * panels.size();
  auto rows = (legend.names.size() + columns - 1) / columns;
  auto width = panel_width * static_cast<double>(panels.size());
  auto height = legend_top + legend_row * static_cast<double>(rows + 1);
  svg out{width, height};
  out.rectangle({0, 0}, width, height, {{"fill", "#FFFFFF"}});
  for (std::size_t i = 0; i < panels.size(); ++i)
    panel_drawing{out, panels[i], margin_left + panel_width * static_cast<double>(i)}.draw();
  draw_legend(out, legend, columns);
  if (!legend.note.empty())
    out.text({margin_left, legend_top + legend_row * static_cast<double>(rows) + 4}, legend.note,
             {{"fill", "#444444"}});
  return out.document();
}

} // namespace drover::cli
