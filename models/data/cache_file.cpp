#include "drover/models/data/cache_file.hpp"

#include "drover/models/data/replacement_file.hpp"

#include <boost/crc.hpp>
#include <boost/iostreams/device/mapped_file.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <ios>
#include <string>
#include <system_error>

namespace drover {

static_assert(std::endian::native == std::endian::little, "caches are little-endian, and are written as is");

namespace {

constexpr std::array<char, 8> magic = {'D', 'R', 'O', 'V', 'E', 'R', 'D', 'C'};
constexpr std::size_t alignment = 64;
constexpr std::uint32_t sections_max = 64;

struct file_header {
  std::array<char, 8> magic = drover::magic;
  std::uint32_t format = cache_format;
  std::uint32_t sections = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::uint32_t checksum = 0;
  std::array<std::byte, 28> zeros = {};
};
static_assert(sizeof(file_header) == alignment);

struct section_place {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
};

std::uint64_t aligned(std::uint64_t place) {
  return (place + alignment - 1) / alignment * alignment;
}

std::uint32_t checksum_of(file_header header, std::span<const std::byte> behind) {
  header.checksum = 0;
  boost::crc_32_type result;
  result.process_bytes(&header, sizeof header);
  result.process_bytes(behind.data(), behind.size());
  return result.checksum();
}

template <class T>
T taken(std::span<const std::byte> bytes, std::size_t from) {
  T result;
  std::memcpy(&result, bytes.data() + from, sizeof result);
  return result;
}

[[noreturn]] void refuse_cache(const std::string& why) {
  throw std::runtime_error(why);
}

} // namespace

cache_file::cache_file(const std::filesystem::path& path) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(path, problem))
    refuse_cache("it is not a file");
  auto bytes = std::filesystem::file_size(path, problem);
  if (problem)
    refuse_cache("it cannot be looked at: " + problem.message());
  if (bytes < sizeof(file_header))
    refuse_cache("it is cut off");
  try {
    auto file = std::make_shared<boost::iostreams::mapped_file_source>(path.string());
    owner_ = file;
    take_apart(std::as_bytes(std::span{file->data(), file->size()}));
  } catch (const std::ios_base::failure& failure) {
    refuse_cache(std::string{"it cannot be mapped: "} + failure.what());
  }
}

void cache_file::take_apart(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(file_header))
    refuse_cache("it is cut off");
  auto header = taken<file_header>(bytes, 0);
  if (header.magic != magic)
    refuse_cache("it is something else than a data cache");
  if (header.format != cache_format)
    refuse_cache("its format is " + std::to_string(header.format) + ", and this program's is " +
                 std::to_string(cache_format));
  if (header.file_bytes > bytes.size())
    refuse_cache("it is cut off");
  auto table_bytes = std::uint64_t{header.sections} * sizeof(section_place);
  auto text_begin = sizeof header + table_bytes;
  if (header.sections > sections_max || text_begin > bytes.size() || header.text_bytes > bytes.size() - text_begin ||
      checksum_of(header, bytes.subspan(sizeof header, table_bytes + header.text_bytes)) != header.checksum ||
      header.file_bytes != bytes.size())
    refuse_cache("it is damaged: its head is not as it was written");
  text_ = {reinterpret_cast<const char*>(bytes.data()) + text_begin, header.text_bytes};
  auto free = text_begin + header.text_bytes;
  for (std::uint32_t i = 0; i < header.sections; ++i) {
    auto place = taken<section_place>(bytes, sizeof header + i * sizeof(section_place));
    if (place.begin % alignment != 0 || place.begin < free || place.begin > bytes.size() ||
        place.bytes > bytes.size() - place.begin)
      refuse_cache("it is damaged: its parts lie where they cannot");
    free = place.begin + place.bytes;
    sections_.push_back(bytes.subspan(place.begin, place.bytes));
  }
}

void write_cache_file(const std::filesystem::path& path, std::string_view text,
                      std::span<const std::span<const std::byte>> sections) {
  file_header header;
  header.sections = static_cast<std::uint32_t>(sections.size());
  header.text_bytes = text.size();
  std::vector<section_place> places;
  auto end = sizeof header + sections.size() * sizeof(section_place) + text.size();
  for (auto section : sections) {
    places.push_back({aligned(end), section.size()});
    end = places.back().begin + section.size();
  }
  header.file_bytes = end;
  std::vector<std::byte> behind(places.size() * sizeof(section_place) + text.size());
  std::memcpy(behind.data(), places.data(), places.size() * sizeof(section_place));
  std::ranges::copy(std::as_bytes(std::span{text}), behind.end() - static_cast<std::ptrdiff_t>(text.size()));
  header.checksum = checksum_of(header, behind);

  replacement_file out{path};
  out.write(std::as_bytes(std::span{&header, 1}));
  out.write(behind);
  auto written = sizeof header + behind.size();
  constexpr std::array<std::byte, alignment> zeros{};
  for (std::size_t i = 0; i < sections.size(); ++i) {
    out.write(std::span{zeros}.first(places[i].begin - written));
    out.write(sections[i]);
    written = places[i].begin + places[i].bytes;
  }
  out.commit();
}

} // namespace drover
