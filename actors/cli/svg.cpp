#include "drover/actors/cli/svg.hpp"

#include "drover/actors/cli/format.hpp"

namespace drover::cli {

namespace {

std::string pixels(double value) {
  return fixed(value, 1);
}

std::string list_of(const std::vector<picture_point>& points) {
  std::string result;
  for (auto [x, y] : points)
    result += (result.empty() ? "" : " ") + pixels(x) + "," + pixels(y);
  return result;
}

} // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (auto letter : text)
    switch (letter) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
    }
  return result;
}

void svg::element(std::string_view name, const attributes& own, const attributes& how, std::string_view content) {
  body_.append("  <").append(name);
  for (const auto* list : {&own, &how})
    for (const auto& [key, value] : *list)
      body_.append(" ").append(key).append("=\"").append(xml_escaped(value)).append("\"");
  if (content.empty())
    body_ += "/>\n";
  else
    body_.append(">").append(xml_escaped(content)).append("</").append(name).append(">\n");
}

void svg::line(picture_point from, picture_point to, const attributes& how) {
  element("line", {{"x1", pixels(from.x)}, {"y1", pixels(from.y)}, {"x2", pixels(to.x)}, {"y2", pixels(to.y)}}, how);
}

void svg::rectangle(picture_point corner, double width, double height, const attributes& how) {
  element("rect",
          {{"x", pixels(corner.x)}, {"y", pixels(corner.y)}, {"width", pixels(width)}, {"height", pixels(height)}},
          how);
}

void svg::circle(picture_point center, double radius, const attributes& how) {
  element("circle", {{"cx", pixels(center.x)}, {"cy", pixels(center.y)}, {"r", pixels(radius)}}, how);
}

void svg::polyline(const std::vector<picture_point>& points, const attributes& how) {
  element("polyline", {{"points", list_of(points)}, {"fill", "none"}}, how);
}

void svg::polygon(const std::vector<picture_point>& points, const attributes& how) {
  element("polygon", {{"points", list_of(points)}}, how);
}

void svg::text(picture_point at, std::string_view content, const attributes& how) {
  element("text", {{"x", pixels(at.x)}, {"y", pixels(at.y)}}, how, content);
}

std::string svg::document() const {
  auto size = "width=\"" + pixels(width_) + "\" height=\"" + pixels(height_) + "\" viewBox=\"0 0 " + pixels(width_) +
              " " + pixels(height_) + "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" " + size +
         " font-family=\"sans-serif\" font-size=\"12\">\n" + body_ + "</svg>\n";
}

} // namespace drover::cli
