#pragma once

#include "drover/actors/job_schema.hpp"

#include <string_view>

namespace drover {

/// The one way by which values from outside get into a job: each checks type and limits, then sets the field. `called`
/// is how the user knows the field: "--learning-rate" or "learningRate"; sentences begin with it. All throw
/// std::invalid_argument.

/// A whole number or one with a fraction, whichever the field holds. `written` is the value as the user wrote it.
void set_number(messages::Job::Builder target, const schema_field& what, std::string_view called,
                std::string_view written);
/// One of an enum's values, in kebab-case or camelCase.
void set_choice(messages::Job::Builder target, const schema_field& what, std::string_view called,
                std::string_view name);
void set_text(messages::Job::Builder target, const schema_field& what, std::string_view called, std::string_view text);
void set_switch(messages::Job::Builder target, const schema_field& what, bool value);

/// Throws where a field that was set by other ways is outside its limits. Sentences begin with the name in the job
/// file.
void check_limits(messages::Job::Reader fields);

/// "learningRate is -1: allowed is …"
[[noreturn]] void refuse_value(const schema_field& what, std::string_view called, std::string_view written);

} // namespace drover
