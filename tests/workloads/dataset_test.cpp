#include "workloads/dataset.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/workloads/idx_files.h"

namespace tessera::testing {
namespace {

constexpr std::uint32_t train_count = 12;
constexpr std::uint32_t test_count = 5;
constexpr std::uint32_t height = 3;
constexpr std::uint32_t width = 2;
constexpr std::size_t   features = std::size_t{height} * width;
constexpr std::uint32_t classes = 10;

/// Closes the data set at the end of the scope.
struct open_dataset : tsr_dataset {
    open_dataset() : tsr_dataset{} {}
    ~open_dataset() { tsr_dataset_close(this); }
    open_dataset(const open_dataset &) = delete;
    open_dataset &operator=(const open_dataset &) = delete;
};

/// A folder with the four files, small, plain, correct.
class dataset_folder : public ::testing::Test {
protected:
    static constexpr const char *train_images = "train-images-idx3-ubyte";
    static constexpr const char *train_labels = "train-labels-idx1-ubyte";
    static constexpr const char *test_images = "t10k-images-idx3-ubyte";
    static constexpr const char *test_labels = "t10k-labels-idx1-ubyte";

    temporary_folder folder;

    dataset_folder()
    {
        folder.write(train_images, idx_file({train_count, height, width}));
        folder.write(train_labels, idx_file({train_count}, classes));
        folder.write(test_images, idx_file({test_count, height, width}));
        folder.write(test_labels, idx_file({test_count}, classes));
    }

    void remove(const std::string &name) const { std::filesystem::remove(folder.path(name)); }

    void expect_opens() const
    {
        open_dataset data;
        tsr_error    error{};
        ASSERT_EQ(tsr_dataset_open(folder.path().c_str(), classes, &data, &error), TSR_OK) << error.text;
        EXPECT_EQ(data.train.count, train_count);
        EXPECT_EQ(data.test.count, test_count);
        EXPECT_EQ(data.height, height);
        EXPECT_EQ(data.width, width);
        EXPECT_EQ(data.features, features);
        EXPECT_EQ(data.classes, classes);
        EXPECT_EQ(data.train.images[8], 7 * 8);
        EXPECT_EQ(data.train.labels[3], 7 * 3 % classes);
        EXPECT_EQ(data.test.labels[4], 7 * 4 % classes);
    }

    void expect_failure(tsr_status status, const std::vector<std::string> &parts, std::uint32_t asked = classes) const
    {
        expect_failure_in(folder.path(), status, parts, asked);
    }

    static void expect_failure_in(const std::string &place, tsr_status status, const std::vector<std::string> &parts,
                                  std::uint32_t asked = classes)
    {
        tsr_dataset data{}; // never closed: a failed open must leave nothing behind
        tsr_error   error{};
        EXPECT_EQ(tsr_dataset_open(place.c_str(), asked, &data, &error), status);
        expect_message(error, status, parts);
        EXPECT_EQ(data.train.images, nullptr);
        EXPECT_EQ(data.test.labels, nullptr);
        EXPECT_EQ(data.features, 0U);
    }
};

TEST_F(dataset_folder, opens_plain_files) { expect_opens(); }

TEST_F(dataset_folder, opens_compressed_and_dotted_names)
{
    remove(train_images);
    folder.write("train-images-idx3-ubyte.gz", gzip(idx_file({train_count, height, width})));
    remove(train_labels);
    folder.write("train-labels.idx1-ubyte", idx_file({train_count}, classes));
    remove(test_images);
    folder.write("t10k-images.idx3-ubyte.gz", gzip(idx_file({test_count, height, width})));
    expect_opens();
}

TEST_F(dataset_folder, plain_file_is_taken_before_the_compressed_one)
{
    folder.write("train-labels-idx1-ubyte.gz", gzip(idx_file({train_count + 1}, classes)));
    folder.write("train-labels.idx1-ubyte", idx_file({train_count + 2}, classes));
    expect_opens();
}

TEST_F(dataset_folder, each_missing_file_is_named)
{
    for (const char *name : {train_images, train_labels, test_images, test_labels}) {
        const std::string away = folder.path("elsewhere");
        std::filesystem::rename(folder.path(name), away);
        expect_failure(TSR_E_IO,
                       {"no data set", folder.path(name), "--data DIR", "apt-get install dataset-fashion-mnist"});
        std::filesystem::rename(away, folder.path(name));
    }
    expect_opens();
}

TEST_F(dataset_folder, folder_that_is_not_there)
{
    expect_failure_in(folder.path("absent"), TSR_E_IO, {"no data set", folder.path("absent"), "--data DIR"});
    expect_failure_in(folder.path(train_images), TSR_E_IO,
                      {folder.path(train_images), "is not a folder", "--data DIR"});
}

TEST_F(dataset_folder, file_that_is_there_but_cannot_be_read_is_not_called_missing)
{
    remove(test_images);
    std::filesystem::create_directory(folder.path(test_images));
    expect_failure(TSR_E_IO, {"cannot read", folder.path(test_images), "Is a directory"});
}

TEST_F(dataset_folder, errors_of_the_files_come_through)
{
    byte_string cut = gzip(idx_file({train_count, height, width}));
    cut.resize(cut.size() - 9);
    remove(train_images);
    folder.write("train-images-idx3-ubyte.gz", cut);
    expect_failure(TSR_E_FORMAT, {folder.path("train-images-idx3-ubyte.gz"), "truncated .gz"});
}

TEST_F(dataset_folder, interchanged_files)
{
    folder.write(train_labels, idx_file({train_count, height, width}));
    expect_failure(TSR_E_FORMAT, {folder.path(train_labels), "images", "interchanged"});
}

TEST_F(dataset_folder, counts_that_differ)
{
    folder.write(test_labels, idx_file({test_count + 1}, classes));
    expect_failure(TSR_E_FORMAT, {folder.path(test_images), "5 images", folder.path(test_labels), "6 labels"});
}

TEST_F(dataset_folder, image_sizes_that_differ)
{
    folder.write(test_images, idx_file({test_count, width, height})); // as many pixels, another shape
    expect_failure(TSR_E_FORMAT, {folder.path(test_images), "2 x 3 pixels", "expected 3 x 2"});
}

TEST_F(dataset_folder, images_too_large)
{
    byte_string bytes = idx_header({1, 4097, 4096});
    bytes.resize(bytes.size() + std::size_t{4097} * 4096);
    folder.write(train_images, bytes);
    expect_failure(TSR_E_FORMAT, {folder.path(train_images), "4097 x 4096", "at most 16777216"});
}

TEST_F(dataset_folder, label_out_of_range_names_file_index_and_value)
{
    byte_string labels = idx_file({train_count}, classes);
    labels[8 + 7] = 10;
    folder.write(train_labels, labels);
    expect_failure(TSR_E_FORMAT,
                   {folder.path(train_labels), "label 7 is 10", "expected 0 to 9", "at least 11 outputs"});
    open_dataset data;
    EXPECT_EQ(tsr_dataset_open(folder.path().c_str(), 11, &data, nullptr), TSR_OK);
}

TEST_F(dataset_folder, number_of_classes_out_of_range)
{
    expect_failure(TSR_E_ARGUMENT, {"0 classes", "1 to 256"}, 0);
    expect_failure(TSR_E_ARGUMENT, {"257 classes", "1 to 256"}, 257);
}

TEST_F(dataset_folder, split_holds_out_the_end_of_the_training_set)
{
    open_dataset      data;
    tsr_dataset_split split{};
    ASSERT_EQ(tsr_dataset_open(folder.path().c_str(), classes, &data, nullptr), TSR_OK);
    for (const std::uint32_t held_out : {0U, 1U, 4U, train_count - 1}) {
        ASSERT_EQ(tsr_dataset_make_split(&data, held_out, &split, nullptr), TSR_OK);
        EXPECT_EQ(split.train.count, train_count - held_out);
        EXPECT_EQ(split.validation.count, held_out);
        EXPECT_EQ(split.test.count, test_count);
        EXPECT_EQ(split.train.images, data.train.images) << "a view, not a copy";
        EXPECT_EQ(split.train.labels, data.train.labels);
        EXPECT_EQ(split.validation.images, data.train.images + (train_count - held_out) * features);
        EXPECT_EQ(split.validation.labels, data.train.labels + (train_count - held_out));
        EXPECT_EQ(split.test.images, data.test.images);
        EXPECT_EQ(split.test.labels, data.test.labels);
        for (const tsr_dataset_view *view : {&split.train, &split.validation, &split.test}) {
            EXPECT_EQ(view->features, features);
            EXPECT_EQ(view->classes, classes);
        }
    }
}

TEST_F(dataset_folder, split_must_leave_something_to_train_on)
{
    open_dataset data;
    ASSERT_EQ(tsr_dataset_open(folder.path().c_str(), classes, &data, nullptr), TSR_OK);
    for (const std::uint32_t held_out : {train_count, train_count + 1, 0xFFFFFFFFU}) {
        tsr_dataset_split split{};
        tsr_error         error{};
        EXPECT_EQ(tsr_dataset_make_split(&data, held_out, &split, &error), TSR_E_ARGUMENT);
        expect_message(error, TSR_E_ARGUMENT,
                       {"validation = " + std::to_string(held_out), "12 training images", "at most 11"});
        EXPECT_EQ(split.train.images, nullptr);
    }
}

TEST_F(dataset_folder, pixels_become_activations_from_zero_to_one)
{
    byte_string images = idx_header({1, 16, 16});
    for (unsigned pixel = 0; pixel < 256; ++pixel) {
        images.push_back(static_cast<std::uint8_t>(pixel));
    }
    folder.write(train_images, images);
    folder.write(train_labels, idx_file({1}, classes));
    folder.write(test_images, images);
    folder.write(test_labels, idx_file({1}, classes));
    open_dataset      data;
    tsr_dataset_split split{};
    ASSERT_EQ(tsr_dataset_open(folder.path().c_str(), classes, &data, nullptr), TSR_OK);
    ASSERT_EQ(tsr_dataset_make_split(&data, 0, &split, nullptr), TSR_OK);
    std::array<float, 256> x{};
    tsr_dataset_image(&split.test, 0, x.data());
    for (unsigned pixel = 0; pixel < 256; ++pixel) {
        EXPECT_EQ(x[pixel], static_cast<float>(static_cast<double>(pixel) / 255.0)) << pixel;
    }
}

TEST_F(dataset_folder, views_index_from_their_own_start)
{
    open_dataset      data;
    tsr_dataset_split split{};
    ASSERT_EQ(tsr_dataset_open(folder.path().c_str(), classes, &data, nullptr), TSR_OK);
    ASSERT_EQ(tsr_dataset_make_split(&data, 4, &split, nullptr), TSR_OK);
    std::array<float, features> x{};
    tsr_dataset_image(&split.validation, 1, x.data());
    for (unsigned k = 0; k < x.size(); ++k) {
        EXPECT_EQ(x[k], static_cast<float>(7 * (9 * features + k) % 256) / 255.0F);
    }
    EXPECT_EQ(tsr_dataset_label(&split.validation, 1), 7U * 9U % classes);
    EXPECT_EQ(tsr_dataset_label(&split.train, 1), 7U);
}

TEST(fashion_mnist, is_read_from_its_debian_path_or_the_message_says_how_to_get_it)
{
    open_dataset     data;
    tsr_error        error{};
    const tsr_status status = tsr_dataset_open(nullptr, classes, &data, &error);
    if (!std::filesystem::exists(TSR_DATASET_DEFAULT_FOLDER)) {
        EXPECT_EQ(status, TSR_E_IO);
        expect_message(error, TSR_E_IO,
                       {TSR_DATASET_DEFAULT_FOLDER, "apt-get install dataset-fashion-mnist", "--data DIR"});
        GTEST_SKIP() << "dataset-fashion-mnist is not installed";
    }
    ASSERT_EQ(status, TSR_OK) << error.text;
    EXPECT_EQ(data.train.count, 60000U);
    EXPECT_EQ(data.test.count, 10000U);
    EXPECT_EQ(data.features, 784U);
    std::array<unsigned, classes> train{};
    std::array<unsigned, classes> test{};
    for (std::uint32_t k = 0; k < data.train.count; ++k) {
        ++train.at(data.train.labels[k]);
    }
    for (std::uint32_t k = 0; k < data.test.count; ++k) {
        ++test.at(data.test.labels[k]);
    }
    for (unsigned k = 0; k < classes; ++k) {
        EXPECT_EQ(train.at(k), 6000U) << "class " << k;
        EXPECT_EQ(test.at(k), 1000U) << "class " << k;
    }
    // The first labels, and the mean 0.2860 by which users of this data set commonly normalise.
    EXPECT_EQ(data.train.labels[0], 9);
    EXPECT_EQ(data.train.labels[1], 0);
    double sum = 0;
    for (std::size_t k = 0; k < std::size_t{60000} * 784; ++k) {
        sum += data.train.images[k];
    }
    EXPECT_NEAR(sum / (60000.0 * 784.0 * 255.0), 0.2860, 0.0001);
}

} // namespace
} // namespace tessera::testing
