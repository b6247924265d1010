#include "cli/app.hpp"

int main(int argc, char** argv) { return tunesmith::cli::run_app(argc, argv); }
