// Whole files, read and written. Written ones appear under their name only when they are complete.
#ifndef TESSERA_REPORTS_TEXT_FILE_H
#define TESSERA_REPORTS_TEXT_FILE_H

#include <filesystem>
#include <string>

namespace tessera {

// Throws report_error naming the file.
std::string read_text_file(const std::filesystem::path &file);
void        write_text_file(const std::filesystem::path &file, const std::string &text);

} // namespace tessera
#endif
