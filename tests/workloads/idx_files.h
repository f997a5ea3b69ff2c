// tests/workloads/idx_files.h — makes IDX files, good and broken, in a folder of their own.
#ifndef TESSERA_TESTS_WORKLOADS_IDX_FILES_H
#define TESSERA_TESTS_WORKLOADS_IDX_FILES_H

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/status.h"

namespace tessera::testing {

using byte_string = std::vector<std::uint8_t>;

/// A new empty folder, removed with everything in it at the end of the scope.
class temporary_folder {
public:
    temporary_folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "tessera-data-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("cannot make " + name);
        }
        m_path = name;
    }
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    temporary_folder(const temporary_folder &) = delete;
    temporary_folder &operator=(const temporary_folder &) = delete;

    std::string path() const { return m_path.string(); }
    std::string path(const std::string &name) const { return (m_path / name).string(); }

    /// Writes the bytes to a file of that name and returns its path.
    std::string write(const std::string &name, const byte_string &bytes) const
    {
        std::ofstream out(path(name), std::ios::binary);
        for (const std::uint8_t byte : bytes) {
            out.put(static_cast<char>(byte));
        }
        out.close();
        if (!out) {
            throw std::runtime_error("cannot write " + path(name));
        }
        return path(name);
    }

private:
    std::filesystem::path m_path;
};

/// Header of an IDX file: magic 0x0000TTRR, then the dimensions.
inline byte_string idx_header(const std::vector<std::uint32_t> &dimensions, std::uint8_t type = 0x08)
{
    byte_string bytes = {0, 0, type, static_cast<std::uint8_t>(dimensions.size())};
    for (const std::uint32_t dimension : dimensions) {
        for (const int shift : {24, 16, 8, 0}) {
            bytes.push_back(static_cast<std::uint8_t>(dimension >> shift & 0xFFU));
        }
    }
    return bytes;
}

/// Header and values 0, 7, 14 … modulo `modulus`.
inline byte_string idx_file(const std::vector<std::uint32_t> &dimensions, unsigned modulus = 256)
{
    byte_string bytes = idx_header(dimensions);
    std::size_t size = 1;
    for (const std::uint32_t dimension : dimensions) {
        size *= dimension;
    }
    for (std::size_t k = 0; k < size; ++k) {
        bytes.push_back(static_cast<std::uint8_t>(7 * k % modulus));
    }
    return bytes;
}

/// The same bytes as one gzip member: 10 bytes of header, the deflate stream, CRC-32 and length of 4 bytes each.
inline byte_string gzip(const byte_string &plain)
{
    constexpr int gzip_window = 15 + 16;
    z_stream      stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflateInit2 failed");
    }
    byte_string input = plain;
    byte_string output(deflateBound(&stream, input.size()) + 64);
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(output.size());
    const int result = deflate(&stream, Z_FINISH);
    output.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        throw std::runtime_error("deflate failed");
    }
    return output;
}

/// One line that holds every one of the parts, uncut.
inline void expect_message(const tsr_error &error, tsr_status status, const std::vector<std::string> &parts)
{
    const std::string text = error.text;
    EXPECT_EQ(error.status, status) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_LT(text.size() + 1, sizeof error.text) << "cut off: " << text;
    for (const std::string &part : parts) {
        EXPECT_NE(text.find(part), std::string::npos) << "no \"" << part << "\" in: " << text;
    }
}

} // namespace tessera::testing
#endif
