#include "drover/models/data/file.hpp"

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <sstream>
#include <stdexcept>

using namespace drover;

namespace {

constexpr std::uint64_t bytes_max = 1u << 16;

std::string packed(const std::string& bytes) {
  std::stringstream result;
  boost::iostreams::filtering_ostream out;
  out.push(boost::iostreams::gzip_compressor());
  out.push(result);
  out << bytes;
  out.reset();
  return result.str();
}

} // namespace

// The input is a file, plain or gzip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::memory_file file{{data, size}};
  try {
    if (read_data_file(file.path(), bytes_max).size() > bytes_max)
      std::abort();
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {
      "", "a,b\n1,2\n", packed("a,b\n1,2\n"), packed(std::string(3000, 'x')), packed(std::string(bytes_max + 1, '\0')),
  };
}
