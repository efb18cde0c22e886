#include "drover/models/data/spilled_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace drover {

namespace {

// Linux moves at most 2 GiB in one call.
constexpr std::size_t spill_bytes_max = 1u << 30;

template <class T>
std::span<const T> elements(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

} // namespace

spill_file::spill_file(const std::filesystem::path& folder) : folder_(folder) {
  auto name = (folder / ".drover-spill-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0)
    fail("there can be no temporary file");
  ::unlink(name.c_str());
}

spill_file::~spill_file() {
  if (mapped_ != nullptr)
    ::munmap(mapped_, bytes_);
  ::close(descriptor_);
}

void spill_file::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    auto written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), spill_bytes_max));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail("a temporary file cannot grow");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    bytes_ += static_cast<std::size_t>(written);
  }
}

std::span<const std::byte> spill_file::map() {
  if (bytes_ == 0)
    return {};
  auto* mapped = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, descriptor_, 0);
  if (mapped == MAP_FAILED)
    fail("a temporary file cannot be mapped");
  mapped_ = mapped;
  return {static_cast<const std::byte*>(mapped_), bytes_};
}

void spill_file::fail(const char* what) const {
  throw spill_problem(std::string{what} + " in " + (folder_.empty() ? "this folder" : folder_.string()) + ": " +
                      std::strerror(errno));
}

void spilled_rows::add(const sparse_rows& rows) {
  std::vector<std::uint64_t> ends;
  ends.reserve(rows.size());
  for (auto end : rows.ends)
    ends.push_back(features_ + end);
  features_ += rows.columns.size();
  ends_.append(std::as_bytes(std::span{ends}));
  columns_.append(std::as_bytes(std::span{rows.columns}));
  values_.append(std::as_bytes(std::span{rows.values}));
  labels_.append(std::as_bytes(std::span{rows.labels}));
}

sparse_rows_view spilled_rows::map() {
  return {elements<std::uint64_t>(ends_.map()), elements<std::uint32_t>(columns_.map()), elements<float>(values_.map()),
          elements<float>(labels_.map())};
}

} // namespace drover
