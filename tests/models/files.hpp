#pragma once

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace drover::test {

/// Bytes of an IDX file.
inline std::string idx(const std::vector<std::uint32_t>& extents, const std::string& values, char type = 8) {
  std::string result = {0, 0, type, static_cast<char>(extents.size())};
  for (auto extent : extents)
    for (int shift : {24, 16, 8, 0})
      result += static_cast<char>(extent >> shift & 0xff);
  return result + values;
}

/// The same bytes, packed.
inline std::string gzip(const std::string& bytes) {
  std::stringstream packed;
  boost::iostreams::filtering_ostream out;
  out.push(boost::iostreams::gzip_compressor());
  out.push(packed);
  out << bytes;
  out.reset();
  return packed.str();
}

} // namespace drover::test
