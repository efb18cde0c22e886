#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/rating.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// What stands between the fields of a rating, in the order in which they are tried.
enum class rating_separator : std::uint8_t { colons, tab, comma, blanks };

struct ratings_text_options {
  float minimum = std::numeric_limits<float>::lowest(); ///< ratings outside are bad lines
  float maximum = std::numeric_limits<float>::max();
  std::uint32_t names_max = rating_unknown - 1; ///< of users, and of items
};

/// Reads ratings, one a line, with the same separator in all of the text:
///
///     USER ITEM RATING …
///
/// The separator is the first of `::`, tab, comma and blanks that parts a line into three fields or more, found on the
/// first line that one of them does. This line is a header, and passed over, where none of its fields is a number.
/// Fields behind the third, such as a time, are passed over, too; so are blank lines, blanks around fields, and a byte
/// order mark.
///
/// USER and ITEM are any text of up to 256 bytes; what is not UTF-8 is taken for Latin-1. RATING is a decimal number,
/// rounded to a float. Where commas separate, a field may stand in quotes, as in RFC 4180, but ends on its line. A user
/// may rate an item more than once: that is one more sample each time.
///
/// Text comes in pieces of whole lines, so that a file need not be in memory; separator, names and the count of lines
/// go on from piece to piece. Serves one thread.
class ratings_text {
public:
  static constexpr std::size_t name_bytes_max = 256;

  /// `name` starts the sentences of errors. `like`: the only users and items there are, others become `rating_unknown`;
  /// null for those that are found, in the order in which they appear. Throws std::invalid_argument with a sentence
  /// where `like` has a name twice.
  explicit ratings_text(std::string name, const ratings_text_options& options = {}, const rating_names* like = nullptr);

  /// Adds the ratings of these lines. A line that cannot be read adds nothing, no names either: `bad` gets a sentence
  /// that says line and column, in bytes from 1, and what is wrong: fewer than three fields, another separator, a user
  /// or item that is empty, too long or one too many, a rating that is no number or outside the range. Where `bad`
  /// throws, `into` holds the ratings before it.
  void read(std::string_view lines, std::vector<rating>& into, bad_lines& bad);

  /// The users and items so far, or those of `like`. Leaves none behind: nothing may be read after it.
  [[nodiscard]] rating_names take_names();

private:
  /// Names and their indices, in the order in which they were added: a hash table with open addressing.
  class name_index {
  public:
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;
    void add(std::string name); ///< one that is not there
    [[nodiscard]] std::vector<std::string> take();

  private:
    struct slot {
      std::uint32_t hash = 0; ///< its upper half; the lower one tells where the slot is
      std::uint32_t index = rating_unknown;
    };

    void place(std::uint32_t index);

    std::vector<slot> slots_; ///< none, or a power of two, at most half of them taken
    std::vector<std::string> names_;
  };

  static name_index index_of(const std::vector<std::string>& names, const char* kind);
  void read_line(std::string_view line, std::vector<rating>& into);
  [[noreturn]] void refuse_fields(std::string_view line) const;
  /// Where a name is or would be added; `written` is how the line has it.
  [[nodiscard]] std::uint32_t find(const name_index& index, std::string_view name, std::string_view written,
                                   const char* kind) const;

  std::string name_;
  ratings_text_options options_;
  bool is_fixed_; ///< no users and items are added
  std::optional<rating_separator> separator_;
  std::uint64_t separator_line_ = 0; ///< where it was found
  std::uint64_t line_ = 0;
  name_index users_;
  name_index items_;
};

} // namespace drover
