#pragma once

namespace drover {

/// Joins lambdas for std::visit.
template <class... Handlers>
struct overload : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overload(Handlers...) -> overload<Handlers...>;

} // namespace drover
