#include "reports/text_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>

#include "reports/report_error.h"

namespace tessera {

namespace fs = std::filesystem;

namespace {

struct closer {
    void operator()(std::FILE *file) const { std::fclose(file); }
};
using file_handle = std::unique_ptr<std::FILE, closer>;

} // namespace

std::string read_text_file(const fs::path &file)
{
    const file_handle stream(std::fopen(file.c_str(), "rb"));
    if (!stream)
        throw report_error(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
    std::string text;
    char        piece[1 << 14];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, stream.get())) > 0;)
        text.append(piece, got);
    if (std::ferror(stream.get()) != 0)
        throw report_error(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
    return text;
}

void write_text_file(const fs::path &file, const std::string &text)
{
    const fs::path partial = file.string() + ".part";
    std::string    reason;
    {
        const file_handle stream(std::fopen(partial.c_str(), "wb"));
        if (!stream || std::fwrite(text.data(), 1, text.size(), stream.get()) != text.size() ||
            std::fflush(stream.get()) != 0)
            reason = std::strerror(errno);
    }
    std::error_code error;
    if (reason.empty()) {
        fs::rename(partial, file, error);
        if (!error)
            return;
        reason = error.message();
    }
    fs::remove(partial, error);
    throw report_error(fmt::format("{}: cannot be written: {}", file.string(), reason));
}

} // namespace tessera
