#include "drover/actors/saved_model_header.hpp"

#include "drover/actors/core/json_syntax.hpp"
#include "drover/actors/core/json_value.hpp"
#include "drover/actors/core/printable.hpp"

#include <capnp/compat/json.h>
#include <capnp/message.h>

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>

namespace drover {

namespace {

using capnp::json::Value;

constexpr auto metadata_name = "__metadata__";

std::string text_of(capnp::Text::Reader text) {
  return {text.begin(), text.end()};
}

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error(why);
}

void encode_tensor(const saved_tensor& tensor, Value::Field::Builder to) {
  to.setName(tensor.name);
  auto members = to.initValue().initObject(3);
  members[0].setName("dtype");
  members[0].initValue().setString("F32");
  members[1].setName("shape");
  auto shape = members[1].initValue().initArray(static_cast<unsigned>(tensor.shape.size()));
  for (unsigned i = 0; i < shape.size(); ++i)
    shape[i].setNumber(static_cast<double>(tensor.shape[i]));
  members[2].setName("data_offsets");
  auto offsets = members[2].initValue().initArray(2);
  offsets[0].setNumber(static_cast<double>(tensor.begin));
  offsets[1].setNumber(static_cast<double>(tensor.end));
}

std::vector<std::uint64_t> decode_numbers(const std::string& where, Value::Reader value) {
  if (!value.isArray())
    fail(where + " is not an array");
  std::vector<std::uint64_t> result;
  for (auto element : value.getArray()) {
    auto number = element.isNumber() ? element.getNumber() : -1;
    if (!is_exact_whole(number))
      fail(where + " contains something else than whole numbers");
    result.push_back(static_cast<std::uint64_t>(number));
  }
  return result;
}

/// Bytes of a tensor of that shape, which come from outside and may be absurd.
std::uint64_t size_in_bytes(const std::string& where, const std::vector<std::size_t>& shape) {
  std::uint64_t result = sizeof(float);
  for (auto extent : shape)
    if (__builtin_mul_overflow(result, static_cast<std::uint64_t>(extent), &result))
      fail(where + " has an impossible shape, " + shape_text(shape));
  return result;
}

saved_tensor decode_tensor(const std::string& name, Value::Reader value) {
  auto where = "tensor " + printable(name);
  if (!value.isObject())
    fail(where + " is not described by an object");
  saved_tensor result{name, {}, 0, 0};
  std::string dtype;
  std::vector<std::uint64_t> offsets;
  for (auto member : value.getObject()) {
    auto key = text_of(member.getName());
    if (key == "dtype" && member.getValue().isString())
      dtype = text_of(member.getValue().getString());
    else if (key == "shape")
      for (auto extent : decode_numbers(where + ": shape", member.getValue()))
        result.shape.push_back(static_cast<std::size_t>(extent));
    else if (key == "data_offsets")
      offsets = decode_numbers(where + ": data_offsets", member.getValue());
    else
      fail(where + " has a field " + key + " that is not understood");
  }
  if (dtype != "F32")
    fail(where + " is of type " + (dtype.empty() ? "unknown" : dtype) + ", and only F32 is read");
  if (offsets.size() != 2)
    fail(where + " does not say where its data lie");
  result.begin = offsets[0];
  result.end = offsets[1];
  auto bytes = size_in_bytes(where, result.shape);
  if (result.end < result.begin || result.end - result.begin != bytes)
    fail(where + " has the shape " + shape_text(result.shape) + ", which is " + std::to_string(bytes) +
         " bytes, but its data go from " + std::to_string(result.begin) + " to " + std::to_string(result.end));
  return result;
}

std::map<std::string, std::string> decode_metadata(Value::Reader value) {
  if (!value.isObject())
    fail("its metadata are not an object");
  std::map<std::string, std::string> result;
  for (auto member : value.getObject()) {
    if (!member.getValue().isString())
      fail("its metadata " + text_of(member.getName()) + " are not a text");
    result[text_of(member.getName())] = text_of(member.getValue().getString());
  }
  return result;
}

void check_coverage(std::span<const saved_tensor> tensors, std::uint64_t data_bytes) {
  std::uint64_t expected = 0;
  for (const auto& tensor : tensors) {
    if (tensor.begin != expected)
      fail("tensor " + printable(tensor.name) + " begins at byte " + std::to_string(tensor.begin) +
           " of the data, not at " + std::to_string(expected) + " where the one before it ends");
    expected = tensor.end;
  }
  if (expected != data_bytes)
    fail("its tensors take " + std::to_string(expected) + " bytes and it has " + std::to_string(data_bytes) +
         (expected > data_bytes ? ": it was cut short" : ""));
}

} // namespace

std::string encode_header(const saved_model_header& header) {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<Value>();
  auto members = root.initObject(static_cast<unsigned>(header.tensors.size()) + 1);
  members[0].setName(metadata_name);
  auto metadata = members[0].initValue().initObject(static_cast<unsigned>(header.metadata.size()));
  unsigned position = 0;
  for (const auto& [key, text] : header.metadata) {
    metadata[position].setName(key);
    metadata[position++].initValue().setString(text);
  }
  position = 1;
  for (const auto& tensor : header.tensors)
    encode_tensor(tensor, members[position++]);
  auto text = capnp::JsonCodec{}.encodeRaw(root);
  std::string result{text.begin(), text.end()};
  result.resize((result.size() + 7) / 8 * 8, ' ');
  return result;
}

saved_model_header decode_header(std::string_view text, std::uint64_t data_bytes) {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<Value>();
  try {
    decode_json(text, root);
  } catch (const json_error& problem) {
    fail("its header is not JSON (" + std::string{problem.what()} + ")");
  }
  if (!root.isObject())
    fail("its header is not a JSON object");
  saved_model_header result;
  std::set<std::string> seen;
  for (auto member : root.getObject().asReader()) {
    auto name = text_of(member.getName());
    if (!seen.insert(name).second)
      fail("its header names " + printable(name) + " twice");
    if (name == metadata_name)
      result.metadata = decode_metadata(member.getValue());
    else
      result.tensors.push_back(decode_tensor(name, member.getValue()));
  }
  // An empty tensor begins where the next one does: by end as well.
  std::sort(result.tensors.begin(), result.tensors.end(), [](const saved_tensor& one, const saved_tensor& other) {
    return std::pair{one.begin, one.end} < std::pair{other.begin, other.end};
  });
  check_coverage(result.tensors, data_bytes);
  return result;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string result;
  for (auto extent : shape)
    result += (result.empty() ? "" : ", ") + std::to_string(extent);
  return "[" + result + "]";
}

} // namespace drover
