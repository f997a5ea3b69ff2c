#include "workloads/idx.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/workloads/idx_files.h"

namespace tessera::testing {
namespace {

/// Reads `path` and expects the failure; whatever it left allocated, the address sanitizer reports.
void expect_failure(const std::string &path, std::uint32_t rank, tsr_status status, std::vector<std::string> parts)
{
    tsr_idx   idx{};
    tsr_error error{};
    EXPECT_EQ(tsr_idx_read(path.c_str(), rank, &idx, &error), status);
    parts.push_back("\"" + path + "\"");
    expect_message(error, status, parts);
    EXPECT_EQ(idx.values, nullptr);
    EXPECT_EQ(idx.size, 0U);
    EXPECT_EQ(tsr_idx_read(path.c_str(), rank, &idx, nullptr), status) << "without a tsr_error";
}

void expect_contents(const std::string &path, std::uint32_t rank, const std::vector<std::uint32_t> &dimensions)
{
    tsr_idx   idx{};
    tsr_error error{};
    ASSERT_EQ(tsr_idx_read(path.c_str(), rank, &idx, &error), TSR_OK) << error.text;
    ASSERT_EQ(idx.rank, dimensions.size());
    for (std::uint32_t k = 0; k < TSR_IDX_MAX_RANK; ++k) {
        EXPECT_EQ(idx.dimensions[k], k < dimensions.size() ? dimensions[k] : 1U);
    }
    const byte_string whole = idx_file(dimensions);
    const byte_string values(whole.begin() + static_cast<std::ptrdiff_t>(4 + 4 * dimensions.size()), whole.end());
    EXPECT_EQ(byte_string(idx.values, idx.values + idx.size), values);
    tsr_idx_free(&idx);
    EXPECT_EQ(idx.values, nullptr);
}

TEST(idx, reads_one_to_four_dimensions_plain_and_compressed)
{
    const temporary_folder                        folder;
    const std::vector<std::vector<std::uint32_t>> shapes = {{9}, {3, 5}, {4, 3, 2}, {2, 3, 4, 3}, {1}, {1, 1, 1}};
    for (const auto &shape : shapes) {
        const std::string plain = folder.write("plain", idx_file(shape));
        const std::string packed = folder.write("packed.gz", gzip(idx_file(shape)));
        const auto        rank = static_cast<std::uint32_t>(shape.size());
        for (const std::uint32_t asked : {0U, rank}) {
            expect_contents(plain, asked, shape);
            expect_contents(packed, asked, shape);
        }
    }
}

TEST(idx, reads_more_than_one_bufferful)
{
    const temporary_folder           folder;
    const std::vector<std::uint32_t> shape = {3001, 28, 28}; // 2.4 MB: several growths of the buffer
    expect_contents(folder.write("plain", idx_file(shape)), TSR_IDX_RANK_IMAGES, shape);
    expect_contents(folder.write("packed.gz", gzip(idx_file(shape))), TSR_IDX_RANK_IMAGES, shape);
}

TEST(idx, content_not_name_decides_whether_a_file_is_compressed)
{
    const temporary_folder           folder;
    const std::vector<std::uint32_t> shape = {4, 3, 2};
    expect_contents(folder.write("no-suffix", gzip(idx_file(shape))), TSR_IDX_RANK_IMAGES, shape);
    expect_contents(folder.write("unpacked.gz", idx_file(shape)), TSR_IDX_RANK_IMAGES, shape);
}

TEST(idx, missing_file)
{
    const temporary_folder folder;
    expect_failure(folder.path("absent"), 0, TSR_E_IO, {"cannot open", "No such file", "expected a readable IDX file"});
}

TEST(idx, unreadable_file)
{
    const temporary_folder folder;
    expect_failure(folder.path(), 0, TSR_E_IO, {"cannot read", "Is a directory"});

    std::filesystem::create_symlink(folder.path("loop"), folder.path("loop"));
    expect_failure(folder.path("loop"), 0, TSR_E_IO, {"cannot open", "symbolic links"});

    const std::string secret = folder.write("secret", idx_file({3}));
    std::filesystem::permissions(secret, std::filesystem::perms::none);
    if (access(secret.c_str(), R_OK) != 0) { // root reads everything
        expect_failure(secret, 0, TSR_E_IO, {"cannot open", "Permission denied"});
    }
}

TEST(idx, truncated_anywhere)
{
    const temporary_folder folder;
    const byte_string      whole = idx_file({4, 3, 2});
    expect_failure(folder.write("cut", {}), 3, TSR_E_FORMAT, {"is empty", "fetch the file again"});
    for (std::size_t length = 1; length < whole.size(); ++length) {
        const std::string part = length < 16 ? std::to_string(length) + " of 16 bytes of its header"
                                             : std::to_string(length - 16) + " of 24 bytes of its data";
        const byte_string bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        expect_failure(folder.write("cut", bytes), 3, TSR_E_FORMAT, {"is truncated", part, "fetch the file again"});
        expect_failure(folder.write("cut.gz", gzip(bytes)), 3, TSR_E_FORMAT,
                       {"is truncated", part, "fetch the file again"});
    }
}

TEST(idx, truncated_gzip_anywhere)
{
    const temporary_folder folder;
    const byte_string      whole = gzip(idx_file({4, 30, 20}));
    ASSERT_GT(whole.size(), 40U);
    for (std::size_t length = 2; length < whole.size(); ++length) { // one byte is no gzip magic yet
        const byte_string bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        expect_failure(folder.write("cut.gz", bytes), 3, TSR_E_FORMAT, {"truncated .gz", "fetch the file again"});
    }
}

TEST(idx, damaged_gzip)
{
    const temporary_folder folder;
    const byte_string      whole = gzip(idx_file({4, 30, 20}));

    byte_string wrong_sum = whole;
    wrong_sum[whole.size() - 8] ^= 1U;
    expect_failure(folder.write("sum.gz", wrong_sum), 3, TSR_E_FORMAT,
                   {"damaged .gz", "data check", "fetch the file again"});

    byte_string wrong_length = whole;
    wrong_length[whole.size() - 4] ^= 1U;
    expect_failure(folder.write("length.gz", wrong_length), 3, TSR_E_FORMAT, {"damaged .gz", "length check"});

    byte_string wrong_block = whole;
    wrong_block[10] |= 6U; // block type 3 does not exist
    expect_failure(folder.write("block.gz", wrong_block), 3, TSR_E_FORMAT, {"damaged .gz", "block type"});
}

TEST(idx, wrong_magic)
{
    const temporary_folder folder;
    byte_string            page;
    for (const char letter : std::string("<!DOCTYPE html><html>not found</html>")) {
        page.push_back(static_cast<std::uint8_t>(letter));
    }
    const std::string expected = "expected 0x00000803";
    expect_failure(folder.write("page", page), 3, TSR_E_FORMAT, {"not an IDX file", "0x3c21444f", expected});
    expect_failure(folder.write("page.gz", page), 3, TSR_E_FORMAT,
                   {"not an IDX file", expected, "named .gz but is not gzip data"});
    expect_failure(folder.write("packed.gz", gzip(page)), 3, TSR_E_FORMAT, {"not an IDX file", expected});
    expect_failure(folder.write("labels", idx_file({9})), 3, TSR_E_FORMAT,
                   {"magic 0x00000801 (1 dimension: labels)", expected, "interchanged"});
    expect_failure(folder.write("images", idx_file({4, 3, 2})), 1, TSR_E_FORMAT,
                   {"magic 0x00000803 (3 dimensions: images)", "expected 0x00000801", "interchanged"});
    expect_failure(folder.write("none", idx_header({})), 0, TSR_E_FORMAT, {"0 dimensions", "1 to 4"});
    expect_failure(folder.write("five", idx_file({1, 1, 1, 1, 1})), 0, TSR_E_FORMAT, {"5 dimensions", "1 to 4"});
    expect_failure(folder.path("page"), 5, TSR_E_ARGUMENT, {"rank 5"});
}

TEST(idx, wrong_element_type)
{
    const temporary_folder folder;
    expect_failure(folder.write("float", idx_header({4, 3, 2}, 0x0d)), 3, TSR_E_FORMAT,
                   {"0x0d (32-bit float)", "expected 0x08 (unsigned byte)", "convert"});
    expect_failure(folder.write("short", idx_header({4}, 0x0b)), 1, TSR_E_FORMAT, {"0x0b (16-bit integer)"});
    expect_failure(folder.write("unknown", idx_header({4}, 0x0a)), 1, TSR_E_FORMAT, {"not an IDX file", "0x00000a01"});
}

TEST(idx, impossible_dimensions)
{
    constexpr std::uint32_t                       huge = 0xFFFFFFFFU;
    const temporary_folder                        folder;
    const std::vector<std::vector<std::uint32_t>> shapes = {
        {0, 28, 28}, {10, 0, 28}, {10, 28, 0}, {huge, huge, huge}, {1U << 31, 1U << 31, 4}, {1U << 30, 17, 1}};
    for (const auto &shape : shapes) {
        const std::string text =
            std::to_string(shape[0]) + " x " + std::to_string(shape[1]) + " x " + std::to_string(shape[2]);
        expect_failure(folder.write("bad", idx_header(shape)), 3, TSR_E_FORMAT,
                       {"impossible dimensions " + text, "at least 1"});
    }
}

TEST(idx, header_that_promises_too_much_is_a_truncated_file_not_an_allocation)
{
    const temporary_folder folder;
    byte_string            bytes = idx_header({1U << 30, 4, 4});
    bytes.push_back(1);
    expect_failure(folder.write("liar", bytes), 3, TSR_E_FORMAT, {"1 of 17179869184 bytes of its data"});
}

TEST(idx, trailing_bytes)
{
    const temporary_folder folder;
    byte_string            bytes = idx_file({4, 3, 2});
    bytes.push_back(0);
    expect_failure(folder.write("long", bytes), 3, TSR_E_FORMAT,
                   {"trailing bytes", "24 (4 x 3 x 2)", "fetch the file again"});
    expect_failure(folder.write("long.gz", gzip(bytes)), 3, TSR_E_FORMAT, {"trailing bytes", "24 (4 x 3 x 2)"});
}

TEST(idx, free_accepts_nothing)
{
    tsr_idx idx{};
    tsr_idx_free(&idx);
    tsr_idx_free(nullptr);
    EXPECT_EQ(idx.values, nullptr);
}

} // namespace
} // namespace tessera::testing
