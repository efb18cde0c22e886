#pragma once

#include <stdexcept>

namespace drover {

/// A message that no correct peer sends in this state. The sentence says who sent what and what is allowed.
class protocol_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace drover
