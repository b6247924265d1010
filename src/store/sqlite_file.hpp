#pragma once

#include <string>

#include "store/sqlite_connection.hpp"

namespace tunesmith {

/// When a commit counts as done.
enum class Durability {
  fast,  ///< handed to the operating system: survives any end of the process
  full   ///< on the disk: survives the loss of power
};

/// Makes the file, for its owner alone, where there is none, and opens it. The file comes into
/// being complete: whoever sees it sees a store. Throws Error{store_corrupt} for a file that is no
/// store, is one of a newer version, or is damaged as far as a short look tells (files of up to 8
/// MiB are looked through; beyond that, and for what such a look cannot tell, every row that is
/// read is checked by its seal). Damage in the write-ahead log beside it cannot be told from the
/// end of a power failure: such a log counts up to its last sound commit.
SqliteConnection open_sqlite_file(const std::string& path, Durability durability);

}  // namespace tunesmith
