#include "drover/actors/cli/chart.hpp"
#include "drover/actors/cli/comparison.hpp"

#include <algorithm>
#include <utility>

namespace drover::cli {

namespace {

// As many as a panel of some hundred pixels can show.
constexpr std::size_t training_points_max = 120;

/// Neighbours as their mean, where there are more than can be seen.
std::vector<quality_point> thinned(const std::vector<quality_point>& points) {
  auto width = std::max<std::size_t>(1, (points.size() + training_points_max - 1) / training_points_max);
  std::vector<quality_point> result;
  for (std::size_t first = 0; first < points.size(); first += width) {
    auto count = std::min(width, points.size() - first);
    quality_point mean;
    for (std::size_t i = first; i < first + count; ++i) {
      mean.seconds += points[i].seconds / static_cast<double>(count);
      mean.loss += points[i].loss / static_cast<double>(count);
      mean.accuracy += points[i].accuracy / static_cast<double>(count);
    }
    result.push_back(mean);
  }
  return result;
}

std::vector<picture_point> line_of(const std::vector<quality_point>& points, double quality_point::*what,
                                   double factor) {
  std::vector<picture_point> result;
  result.reserve(points.size());
  for (const auto& point : points)
    result.push_back({point.seconds, factor * point.*what});
  return result;
}

chart_panel panel_of(const std::vector<compared_run>& runs, double quality_point::*what, double factor) {
  chart_panel result;
  result.x_label = "virtual time (s)";
  for (std::size_t i = 0; i < runs.size(); ++i)
    result.lines.push_back({line_of(thinned(runs[i].training), what, factor), i, true});
  for (std::size_t i = 0; i < runs.size(); ++i)
    result.lines.push_back({line_of(runs[i].test, what, factor), i, false});
  return result;
}

chart_panel accuracy_panel(const std::vector<compared_run>& runs) {
  auto result = panel_of(runs, &quality_point::accuracy, 100);
  result.title = "Accuracy";
  result.y_label = "samples classified correctly (%)";
  return result;
}

} // namespace

std::string comparison_picture(const std::vector<compared_run>& runs) {
  auto loss = panel_of(runs, &quality_point::loss, 1);
  loss.title = "Loss";
  // What the loss is of each sample is the model's to say, where it tells classes apart.
  loss.y_label = have_classes(runs) ? "mean loss" : "mean squared error";
  std::vector<chart_panel> panels{std::move(loss)};
  if (have_classes(runs))
    panels.push_back(accuracy_panel(runs));
  chart_legend legend{{}, "Lines with markers: test samples, after each epoch. Dashed: training samples."};
  for (const auto& run : runs) {
    auto mark = mark_of(run);
    legend.names.push_back(run.consistency + (mark.empty() ? "" : " (" + mark + ")"));
  }
  return chart(panels, legend);
}

} // namespace drover::cli
