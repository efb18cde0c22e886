#include "drover/actors/core/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace drover {

std::string read_text_file(const std::filesystem::path& file, std::size_t bytes_max, std::string_view thing) {
  auto fail = [](const std::string& why) { throw std::invalid_argument("it cannot be read: " + why); };
  std::error_code unknown; // opening it says what is wrong then
  if (std::filesystem::is_directory(file, unknown))
    fail("it is a folder");
  std::ifstream in{file, std::ios::binary};
  if (!in)
    fail(std::strerror(errno));
  std::string text(bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad())
    fail(std::strerror(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > bytes_max)
    fail(too_long(bytes_max, thing));
  return text;
}

std::string too_long(std::size_t bytes_max, std::string_view thing) {
  return "it has more than " + std::to_string(bytes_max) + " bytes, which " + std::string{thing} + " never needs";
}

} // namespace drover
