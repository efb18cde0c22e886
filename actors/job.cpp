#include "drover/actors/job.hpp"

#include <utility>

namespace drover {

job::job() : arena_(std::make_unique<capnp::MallocMessageBuilder>()), fields_(arena_->initRoot<messages::Job>()) {}

job::job(messages::Job::Reader fields) : job() {
  arena_->setRoot(fields);
  fields_ = arena_->getRoot<messages::Job>();
}

job::job(const job& other) : job(other.read()) {}

job& job::operator=(const job& other) {
  if (this != &other)
    *this = job(other);
  return *this;
}

messages::Job::Reader job::read() const {
  return fields_.asReader();
}

} // namespace drover
