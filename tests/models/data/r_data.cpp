#include "r_data.hpp"

#include "drover/models/data/file.hpp"

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace drover::test {

namespace {

// Types of R's values in its files: "R Internals", 1.8 Serialization Formats, and serialize.c.
enum r_type : std::uint32_t {
  r_nil = 0,
  r_symbol = 1,
  r_pairs = 2,
  r_letters = 9,
  r_truths = 10,
  r_integers = 13,
  r_reals = 14,
  r_strings = 16,
  r_list = 19,
  r_other_form = 238, // ALTREP
  r_nil_value = 254,
  r_reference = 255,
};

constexpr std::uint32_t has_attributes = 0x200;
constexpr std::uint32_t has_tag = 0x400;

class r_reader {
public:
  explicit r_reader(std::string_view bytes) : rest_(bytes) {
    demand(take_bytes(2) == "X\n", "is not R's binary format");
    auto version = take_number<std::uint32_t>();
    take_bytes(8); // versions of R that wrote and that can read
    if (version == 3)
      take_bytes(take_number<std::uint32_t>()); // the encoding
    demand(version == 2 || version == 3, "is of an unknown version");
  }

  r_value take() {
    auto flags = take_number<std::uint32_t>();
    auto type = flags & 0xff;
    r_value result;
    switch (type) {
    case r_nil:
    case r_nil_value:
      return result;
    case r_symbol:
      symbols_.push_back(take());
      return symbols_.back();
    case r_reference:
      return symbols_.at((flags >> 8 != 0 ? flags >> 8 : take_number<std::uint32_t>()) - 1);
    case r_pairs:
      return take_pairs(flags);
    case r_other_form:
      return take_other_form();
    case r_letters:
      if (auto size = take_number<std::int32_t>(); size >= 0)
        result.strings.emplace_back(take_bytes(static_cast<std::size_t>(size)));
      else
        result.strings.emplace_back("NA");
      break;
    case r_truths:
    case r_integers:
      fill(result.integers, [this] { return take_number<std::int32_t>(); });
      break;
    case r_reals:
      fill(result.reals, [this] { return take_real(); });
      break;
    case r_strings:
      fill(result.strings, [this] { return take().strings.at(0); });
      break;
    case r_list:
      fill(result.parts, [this] { return take(); });
      break;
    default:
      demand(false, "has a value of type " + std::to_string(type));
    }
    if ((flags & has_attributes) != 0)
      result.attributes = named(take());
    return result;
  }

private:
  static void demand(bool holds, const std::string& what) {
    if (!holds)
      throw std::runtime_error("R's data cannot be read: it " + what);
  }

  std::string_view take_bytes(std::size_t count) {
    demand(count <= rest_.size(), "ends too early");
    auto result = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return result;
  }

  template <class Number>
  Number take_number() {
    std::uint64_t result = 0;
    for (auto letter : take_bytes(sizeof(Number)))
      result = result << 8 | static_cast<unsigned char>(letter);
    return static_cast<Number>(result);
  }

  double take_real() { return std::bit_cast<double>(take_number<std::uint64_t>()); }

  template <class Values, class Take>
  void fill(Values& into, Take take_one) {
    auto count = take_number<std::int32_t>();
    demand(count >= 0, "has a vector of more than 2147483647 values");
    for (std::int32_t i = 0; i < count; ++i)
      into.push_back(take_one());
  }

  /// A pairlist becomes a list, whose names are its tags.
  r_value take_pairs(std::uint32_t flags) {
    r_value result;
    auto& names = result.attributes["names"].strings;
    for (; (flags & 0xff) == r_pairs; flags = take_number<std::uint32_t>()) {
      if ((flags & has_attributes) != 0)
        static_cast<void>(take());
      names.push_back((flags & has_tag) != 0 ? take().strings.at(0) : "");
      result.parts.push_back(take());
    }
    demand((flags & 0xff) == r_nil_value, "has a list that ends in something else");
    return result;
  }

  static std::map<std::string, r_value> named(r_value pairs) {
    std::map<std::string, r_value> result;
    for (std::size_t i = 0; i < pairs.parts.size(); ++i)
      result[pairs.attributes["names"].strings.at(i)] = std::move(pairs.parts[i]);
    return result;
  }

  /// What R keeps in another form than as a plain vector: a range by its ends, or a vector with what is known of it.
  r_value take_other_form() {
    auto form = take().parts.at(0).strings.at(0);
    auto state = take();
    auto attributes = named(take());
    r_value result;
    if (form.starts_with("wrap_")) {
      result = state.parts.at(0);
    } else {
      demand(form == "compact_intseq", "has a vector in the form " + form);
      for (double i = 0; i < state.reals.at(0); ++i)
        result.integers.push_back(static_cast<std::int32_t>(state.reals.at(1) + i * state.reals.at(2)));
    }
    result.attributes.merge(attributes);
    return result;
  }

  std::string_view rest_;
  std::vector<r_value> symbols_;
};

std::string unpacked(const std::string& bytes) {
  std::istringstream packed{bytes};
  boost::iostreams::filtering_istream in;
  in.push(boost::iostreams::zlib_decompressor());
  in.push(packed);
  std::ostringstream result;
  boost::iostreams::copy(in, result);
  return result.str();
}

} // namespace

const r_value& r_value::at(const std::string& name) const {
  const auto& names = attributes.at("names").strings;
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw std::runtime_error("R's data have no " + name);
  return parts.at(static_cast<std::size_t>(found - names.begin()));
}

r_value decode_r_value(const std::string& bytes) {
  return r_reader{bytes}.take();
}

std::optional<movielens_ratings> find_movielens(const std::filesystem::path& data) {
  if (!std::filesystem::exists(data / "Rdata.rdx") || !std::filesystem::exists(data / "Rdata.rdb"))
    return std::nullopt;
  // The index says where in the other file each value is: 4 bytes of its size, and the value, packed.
  auto index = decode_r_value(read_data_file(data / "Rdata.rdx"));
  const auto& where = index.at("variables").at("movielens").integers;
  auto packed = read_data_file(data / "Rdata.rdb");
  auto begin = static_cast<std::size_t>(where.at(0)) + 4;
  auto frame = decode_r_value(unpacked(packed.substr(begin, static_cast<std::size_t>(where.at(1)) - 4)));
  return movielens_ratings{frame.at("userId").integers, frame.at("movieId").integers, frame.at("rating").reals};
}

} // namespace drover::test
