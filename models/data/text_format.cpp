#include "drover/models/data/text_format.hpp"

namespace drover {

text_format format_of(const std::filesystem::path& path) {
  auto name = path.filename();
  if (name.extension() == ".gz")
    name = name.stem();
  auto end = name.extension();
  if (end == ".svm" || end == ".libsvm" || end == ".svmlight")
    return text_format::svm;
  return end == ".vw" ? text_format::vw : text_format::csv;
}

} // namespace drover
