#pragma once

namespace drover {

/// Joins lambdas for std::visit: whoever carries out effects lists those that there are.
template <class... Handlers>
struct overload : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overload(Handlers...) -> overload<Handlers...>;

} // namespace drover
