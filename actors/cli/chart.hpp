#pragma once

#include "drover/actors/cli/svg.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace drover::cli {

/// One line of a panel, with a gap where y is not finite. Thin lines do not widen the y axis: what of them is beyond
/// its ends is not drawn.
struct chart_line {
  std::vector<picture_point> points; ///< by ascending x
  std::size_t color = 0;             ///< and marker: the same number is the same everywhere in a picture
  bool is_thin = false;              ///< dashed, without markers: what is there for comparison
};

/// A plot with axes around it.
struct chart_panel {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<chart_line> lines;
};

struct chart_legend {
  std::vector<std::string> names; ///< by colour
  std::string note;               ///< what thin lines are
};

/// Panels side by side and the legend below, as an SVG document. Colours are those of Okabe and Ito (2008), which
/// colour-blind readers tell apart; each has a marker of its own, too.
[[nodiscard]] std::string chart(const std::vector<chart_panel>& panels, const chart_legend& legend);

} // namespace drover::cli
