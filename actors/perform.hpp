#pragma once

namespace drover {

/// Joins lambdas for std::visit. A shell lists the effects that its core has; the simulator lists the same ones.
template <class... Handlers>
struct overload : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
overload(Handlers...) -> overload<Handlers...>;

} // namespace drover
