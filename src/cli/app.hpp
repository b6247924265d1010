#pragma once

namespace tunesmith::cli {

/// The `tunesmith` command: reads arguments, runs one command, answers its exit code.
int run_app(int argc, char** argv);

}  // namespace tunesmith::cli
