#include "drover/models/data/idx.hpp"

#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/data/file.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

constexpr std::size_t magic_bytes = 4;
constexpr std::size_t extent_bytes = 4;
constexpr unsigned byte_type = 8;

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
  throw std::runtime_error(std::string(name) + " " + what);
}

std::size_t big_endian(std::span<const std::byte> bytes) {
  std::size_t result = 0;
  for (auto byte : bytes)
    result = result << 8 | std::to_integer<std::size_t>(byte);
  return result;
}

idx_array read_idx(const std::filesystem::path& path) {
  auto contents = read_data_file(path);
  return decode_idx(std::as_bytes(std::span(contents)), path.string());
}

data_shape shape_of(const idx_array& images, std::string_view name) {
  data_shape result;
  const auto& extents = images.extents;
  if (extents.size() < 2 || extents.size() > 4)
    refuse(name, "has " + std::to_string(extents.size()) +
                     " extents: images need samples x height x width, perhaps x channels, or samples x features");
  if (extents.size() > 2) {
    result.height = extents[1];
    result.width = extents[2];
    result.channels = extents.size() == 4 ? extents[3] : 1;
  }
  result.features = 1;
  for (std::size_t i = 1; i < extents.size(); ++i)
    result.features *= extents[i];
  return result;
}

} // namespace

idx_array decode_idx(std::span<const std::byte> bytes, std::string_view name) {
  if (bytes.size() < magic_bytes || big_endian(bytes.first(2)) != 0)
    refuse(name, "is not an IDX file: it must start with two bytes of 0, a type and a number of extents");
  auto type = std::to_integer<unsigned>(bytes[2]);
  if (type != byte_type)
    refuse(name, "holds values of IDX type " + std::to_string(type) + ": only type 8, unsigned bytes, is read");
  auto dimensions = std::to_integer<std::size_t>(bytes[3]);
  if (dimensions == 0)
    refuse(name, "has no extents: at least one is needed");
  auto header_bytes = magic_bytes + dimensions * extent_bytes;
  if (bytes.size() < header_bytes)
    refuse(name, "is cut short: " + std::to_string(bytes.size()) + " bytes are there, its header alone has " +
                     std::to_string(header_bytes));
  auto body = bytes.subspan(header_bytes);
  idx_array result;
  std::size_t wanted = 1;
  for (std::size_t i = 0; i < dimensions; ++i) {
    auto extent = big_endian(bytes.subspan(magic_bytes + i * extent_bytes, extent_bytes));
    if (extent == 0)
      refuse(name, "has an extent of 0: it is empty");
    // Compared before it is multiplied, so that hostile extents cannot overflow.
    if (extent > body.size() / wanted)
      refuse(name, "is cut short: its extents ask for more than the " + std::to_string(body.size()) +
                       " values that are there");
    wanted *= extent;
    result.extents.push_back(extent);
  }
  if (body.size() != wanted)
    refuse(name, "has " + std::to_string(body.size() - wanted) + " bytes left over behind its " +
                     std::to_string(wanted) + " values");
  result.values.resize(wanted);
  std::ranges::transform(body, result.values.begin(),
                         [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return result;
}

std::shared_ptr<const dataset> load_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                                        const data_shape* like) {
  auto pixels = read_idx(images);
  auto classes = read_idx(labels);
  auto shape = shape_of(pixels, images.string());
  if (classes.extents.size() != 1)
    refuse(labels.string(), "has " + std::to_string(classes.extents.size()) + " extents: labels need one");
  if (classes.values.size() != pixels.extents.front())
    refuse(labels.string(), "has " + std::to_string(classes.values.size()) + " labels for the " +
                                std::to_string(pixels.extents.front()) + " images of " + images.string());
  auto largest = *std::ranges::max_element(classes.values);
  shape.classes = like != nullptr ? like->classes : largest + std::size_t{1};
  if (like != nullptr) {
    if (shape.features != like->features || shape.height != like->height || shape.width != like->width)
      refuse(images.string(), "has " + std::to_string(shape.features) + " values an image, the training images have " +
                                  std::to_string(like->features) + ": height and width must be the same");
    if (largest >= like->classes)
      refuse(labels.string(), "has label " + std::to_string(largest) + ": the training labels allow 0 to " +
                                  std::to_string(like->classes - 1));
  }
  return std::make_shared<dense_dataset>(shape, std::move(pixels.values),
                                         std::vector<std::uint32_t>(classes.values.begin(), classes.values.end()));
}

} // namespace drover
