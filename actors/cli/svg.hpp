#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover::cli {

struct picture_point {
  double x = 0;
  double y = 0;
};

/// An SVG picture, element after element; later ones lie on top. Lengths are pixels, y grows downwards.
class svg {
public:
  using attributes = std::vector<std::pair<std::string_view, std::string>>;

  svg(double width, double height) : width_(width), height_(height) {}

  void line(picture_point from, picture_point to, const attributes& how);
  void rectangle(picture_point corner, double width, double height, const attributes& how);
  void circle(picture_point center, double radius, const attributes& how);
  void polyline(const std::vector<picture_point>& points, const attributes& how);
  void polygon(const std::vector<picture_point>& points, const attributes& how);
  void text(picture_point at, std::string_view content, const attributes& how);

  /// The whole document.
  [[nodiscard]] std::string document() const;

private:
  void element(std::string_view name, const attributes& own, const attributes& how, std::string_view content = {});

  double width_;
  double height_;
  std::string body_;
};

/// Text as XML's content and attribute values have it. Control characters, which XML cannot have, become spaces.
[[nodiscard]] std::string xml_escaped(std::string_view text);

} // namespace drover::cli
