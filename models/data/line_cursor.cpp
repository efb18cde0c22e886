#include "drover/models/data/line_cursor.hpp"

#include <limits>
#include <locale>
#include <sstream>

namespace drover {

double line_cursor::read_slowly(const std::string& text) {
  std::istringstream in{text};
  in.imbue(std::locale::classic());
  double result = 0;
  in >> result;
  return in.fail() ? std::numeric_limits<double>::infinity() : result;
}

} // namespace drover
