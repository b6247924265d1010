#pragma once

namespace tunesmith::amt {

/// The request as lines "Name[!] kind [limits]", two spaces of indentation per level; "!" marks a
/// required member. Kinds: struct, list MIN MAX, map MIN MAX, text MIN MAX [form], int MIN MAX,
/// float, bool, one_of NAME...; "-" stands for no limit and "@name" includes the lines of another
/// table. Source: the public service model "sagemaker 2017-07-24".
extern const char* const request_table;
extern const char* const ranges_table;
extern const char* const definition_table;

}  // namespace tunesmith::amt
