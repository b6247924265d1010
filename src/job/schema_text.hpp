#pragma once

namespace tunesmith {

/// The JSON Schema of a job without "strategy", which comes from the table of strategies. A test
/// holds it against the keys that the reader knows.
extern const char* const job_schema_text;

}  // namespace tunesmith
