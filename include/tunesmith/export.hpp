#pragma once

/// Marks what the shared library shows to its host; everything else is hidden.
#define TUNESMITH_API __attribute__((visibility("default")))
