#pragma once

#include <capnp/dynamic.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace drover::sim {

/// A JSON text that describes a struct of a schema, and where in it each field stands. Whatever it refuses becomes a
/// std::invalid_argument with one sentence: "cluster.json, line 12: machines[1].count is -1: allowed is …".
///
/// Members are the schema's fields by their names; text, numbers, bool, enums (camelCase or kebab-case), structs, and
/// lists of structs or texts. Unknown and repeated members, wrong types, values outside $minimum and $maximum, and the
/// absence of a $required field are refused. Structs that are absent keep the schema's default.
class json_source {
public:
  /// Longest text, and longest list in it: what a description of anything needs, and no more.
  static constexpr std::size_t bytes_max = std::size_t{1} << 20;
  static constexpr std::size_t elements_max = 10000;

  /// `name` begins every sentence, `thing` is what the text describes: "a cluster".
  json_source(std::string name, std::string thing, std::string text);
  [[nodiscard]] static json_source from_file(const std::filesystem::path& file, std::string thing);

  /// Fills in what the text gives; once.
  void read_into(capnp::DynamicStruct::Builder target);

  /// Whether the text gives the field at this path, "machines[1].count". After `read_into`.
  [[nodiscard]] bool gives(const std::string& path) const { return lines_.contains(path); }

  /// How a sentence about the field at `path` begins: "cluster.json, line 12: machines[1].count". The line is the
  /// field's or, where the text does not give it, that of what it would be in.
  [[nodiscard]] std::string place_of(const std::string& path) const;

  /// Refuses for a reason that only the caller can see. `why` follows the place: "is the name of two groups".
  [[noreturn]] void refuse(const std::string& path, const std::string& why) const;

private:
  class walk;

  std::string name_;
  std::string thing_;
  std::string text_;
  std::map<std::string, std::size_t> lines_; ///< by path
};

/// The shortest JSON text from which `read_into` makes the same struct, in lines that people can read.
[[nodiscard]] std::string json_text(capnp::DynamicStruct::Reader source);

/// Whether the schema says that a text must give this field.
[[nodiscard]] bool is_required(capnp::StructSchema::Field field);

} // namespace drover::sim
