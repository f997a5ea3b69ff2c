#include "cli/config/preset_files.h"

#include <cstdlib>
#include <set>
#include <sstream>

#include <toml++/toml.h>

namespace tessera {
namespace {

namespace fs = std::filesystem;

struct preset_folder {
    fs::path path;
    fs::path root; // what shown paths are relative to; empty: they are shown whole
};

fs::path folder_of_table(const std::string &table)
{
    return table == "device" ? "models/presets" : table == "io" ? "accelerator/presets/io" : "accelerator/presets";
}

// Trees that may hold the folders of folder_of_table().
std::vector<fs::path> roots()
{
    std::vector<fs::path> out;
    std::error_code       failed;
    const fs::path        program = fs::read_symlink("/proc/self/exe", failed);
    if (!failed) {
        out.push_back(program.parent_path().parent_path());
        out.push_back(program.parent_path().parent_path() / "share" / "tessera");
    }
    out.emplace_back(TESSERA_SOURCE_DIR);
    return out;
}

std::vector<preset_folder> folders(const std::string &table, const fs::path &beside)
{
    std::vector<preset_folder> out;
    if (const char *const listed = std::getenv("TESSERA_PRESETS")) {
        std::istringstream list(listed);
        for (std::string folder; std::getline(list, folder, ':');) {
            if (!folder.empty()) {
                out.push_back({folder, {}});
            }
        }
    }
    out.push_back({beside / "presets", {}});
    for (const fs::path &root : roots()) {
        out.push_back({root / folder_of_table(table), root});
    }
    return out;
}

// A folder may hold presets of all kinds. A file that is no TOML counts, so that its reader can say what is wrong with it.
bool is_preset_of(const fs::path &file, const std::string &table)
{
    std::error_code failed;
    if (!fs::is_regular_file(file, failed)) {
        return false;
    }
    try {
        return toml::parse_file(file.string())[table].is_table();
    } catch (const toml::parse_error &) {
        return true;
    }
}

} // namespace

std::optional<preset_file> find_preset(const std::string &name, const std::string &table, const fs::path &beside)
{
    const std::string suffix = ".toml";
    const bool        is_path =
        name.find('/') != std::string::npos ||
        (name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0);
    std::error_code failed;
    if (is_path) {
        const fs::path file = beside / name;
        return fs::is_regular_file(file, failed) ? std::optional<preset_file>({file, file.string()}) : std::nullopt;
    }
    for (const preset_folder &folder : folders(table, beside)) {
        const fs::path file = folder.path / (name + suffix);
        if (is_preset_of(file, table)) {
            return preset_file{file, (folder.root.empty() ? file : file.lexically_relative(folder.root)).string()};
        }
    }
    return std::nullopt;
}

std::vector<std::string> preset_names(const std::string &table, const fs::path &beside)
{
    std::set<std::string> names;
    for (const preset_folder &folder : folders(table, beside)) {
        std::error_code failed;
        for (const fs::directory_entry &entry : fs::directory_iterator(folder.path, failed)) {
            if (entry.path().extension() == ".toml" && is_preset_of(entry.path(), table)) {
                names.insert(entry.path().stem().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

} // namespace tessera
