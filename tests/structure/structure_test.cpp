// The source tree keeps the dependency picture; and the check is able to fail: each rule is broken once in a tiny tree.
#include "tests/structure/rules.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace tessera::structure {
namespace {

namespace fs = std::filesystem;
using lines = std::vector<std::string>;

// A tree of its own in the temporary folder that obeys every rule until a test breaks one.
class bad_tree : public testing::Test {
protected:
    void SetUp() override
    {
        std::string name = (fs::temp_directory_path() / "tessera-structure-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        root = name;
        for (const char *folder : {"accelerator", "cli", "docs", "reports", "scripts", "tests", "workloads"}) {
            fs::create_directories(root / folder);
        }
        write("models/base/status.h", "#ifdef __cplusplus\nextern \"C\" {\n#endif\n#include <stdint.h>\n");
        write("models/base/status.c", "#include \"models/base/status.h\"\n/* #include <systemc> */\n");
        write("tlm/payload.h", "#include <tlm>\n#include <vector>\n#include \"models/base/status.h\"\n");
        write("cli/main.cpp", "#include <CLI/CLI.hpp>\n#include \"tlm/payload.h\"\n");
    }
    void TearDown() override { fs::remove_all(root); }

    void write(const fs::path &file, const std::string &text) const
    {
        fs::create_directories((root / file).parent_path());
        std::ofstream(root / file) << text;
    }

    fs::path root;
};

lines check_links(const std::string &text)
{
    std::istringstream stream(text);
    return check_link_lines(stream);
}

TEST(repository, has_the_known_folders) { EXPECT_EQ(check_top_level(TESSERA_SOURCE_DIR), lines{}); }
TEST(repository, includes_follow_the_dependency_direction) { EXPECT_EQ(check_includes(TESSERA_SOURCE_DIR), lines{}); }
TEST(repository, core_and_workloads_are_plain_c) { EXPECT_EQ(check_c_only(TESSERA_SOURCE_DIR), lines{}); }

TEST(repository, links_follow_the_dependency_direction)
{
    std::ifstream     file(TESSERA_LINK_LINES);
    std::stringstream text;
    text << file.rdbuf();
    for (const char *line : {"models tessera_models ", "workloads tessera_workloads ", "tlm tessera_transactions ",
                             "accelerator tessera_accelerator ", "reports tessera_reports ", "cli tessera "}) {
        EXPECT_NE(text.str().find(line), std::string::npos) << "no link line of " << line;
    }
    EXPECT_EQ(check_link_lines(text), lines{});
}

TEST_F(bad_tree, is_good_before_it_is_broken)
{
    EXPECT_EQ(check_top_level(root), lines{});
    EXPECT_EQ(check_includes(root), lines{});
    EXPECT_EQ(check_c_only(root), lines{});
}

TEST_F(bad_tree, with_wrong_folders_at_the_root)
{
    fs::remove_all(root / "docs");
    fs::create_directories(root / "src");
    EXPECT_EQ(check_top_level(root),
              (lines{"docs: this folder is missing", "src: no folder of this name belongs at the root"}));
}

TEST_F(bad_tree, where_folders_include_what_is_not_open_to_them)
{
    write("accelerator/tile.cpp", "#include <boost/graph/adjacency_list.hpp>\n#include \"workloads/data.h\"\n");
    write("models/math/kernel.c", "#include <immintrin.h>\n");
    write("models/base/fast.c", "#include <immintrin.h>\n#include <zlib.h>\n#include <unistd.h>\n");
    write("models/base/up.c", "/* text\n over lines */ #  include \"tlm/payload.h\"\n");
    write("reports/summary.cpp", "#include <fmt/core.h>\n#include \"accelerator/tile.h\"\n#include <systemc>\n");
    write("accelerator/tile.h", "");
    write("tlm/server.cpp", "#include \"accelerator/tile.h\"\n#include <boost/icl/map.hpp>\n");
    write("workloads/data.h", "");
    write("workloads/data.c", "#include <zlib.h>\n#include \"tlm/payload.h\"\n#include <tlm.h>\n");
    EXPECT_EQ(check_includes(root),
              (lines{"accelerator/tile.cpp:2: \"workloads/data.h\": accelerator/ must not depend on workloads/",
                     "models/base/fast.c:1: <immintrin.h> (immintrin.h) is not open to models/",
                     "models/base/fast.c:2: <zlib.h> (zlib) is not open to models/",
                     "models/base/fast.c:3: <unistd.h> (unistd.h) is not open to models/",
                     "models/base/up.c:2: \"tlm/payload.h\": models/ must not depend on tlm/",
                     "reports/summary.cpp:2: \"accelerator/tile.h\": reports/ must not depend on accelerator/",
                     "reports/summary.cpp:3: <systemc> (SystemC) is not open to reports/",
                     "tlm/server.cpp:1: \"accelerator/tile.h\": tlm/ must not depend on accelerator/",
                     "tlm/server.cpp:2: <boost/icl/map.hpp> (Boost) is not open to tlm/",
                     "workloads/data.c:2: \"tlm/payload.h\": workloads/ must not depend on tlm/",
                     "workloads/data.c:3: <tlm.h> (SystemC) is not open to workloads/"}));
}

TEST_F(bad_tree, where_includes_cannot_be_followed)
{
    write("models/base/a.c", "#include \"status.h\"\n#include \"models/../tlm/payload.h\"\n#include HEADER\n");
    write("models/base/b.c", "#include \"models/base/missing.h\"\n");
    write("tests/support/tlm.h", "");
    EXPECT_EQ(check_includes(root),
              (lines{"models/base/a.c:1: \"status.h\" is not a path from the root of the repository",
                     "models/base/a.c:2: \"models/../tlm/payload.h\" is not a path from the root of the repository",
                     "models/base/a.c:3: the header of an #include must be spelled out",
                     "models/base/b.c:1: \"models/base/missing.h\" is not a path from the root of the repository",
                     "tests/support/tlm.h: hides SystemC's own header <tlm.h>"}));
}

TEST_F(bad_tree, where_c_folders_hold_something_else)
{
    write("models/base/fine.h",
          "/* a class of its own; std::vector and SystemC in comments are fine */\nint x; // template\n");
    write("models/base/text.c", "const char *text = \"class \\\" namespace\";\n");
    write("models/base/tile.cpp", "");
    write("models/base/tile.h", "template <class T> T tile();\n");
    write("workloads/CMakeLists.txt", "target_link_libraries(tessera_workloads PRIVATE PkgConfig::SYSTEMC)\n");
    write("workloads/op.h", "int a;\n#ifdef __cplusplus\nsc_core::sc_time t;\n#endif\n");
    EXPECT_EQ(check_c_only(root),
              (lines{"models/base/tile.cpp: only C, build files and presets belong here",
                     "models/base/tile.h: `template` is no C", "workloads/CMakeLists.txt: `SYSTEMC` is no C",
                     "workloads/op.h: `sc_core` is no C"}));
}

TEST(bad_link_lines, are_reported)
{
    EXPECT_EQ(check_links("models tessera_models m\nmodels kernels\nmodels extra kernels\ncli tessera anything\n"),
              lines{});
    EXPECT_EQ(check_links("models tessera_models m PkgConfig::SYSTEMC\n"),
              lines{"models: tessera_models must not link PkgConfig::SYSTEMC"});
    EXPECT_EQ(check_links("workloads tessera_workloads tessera_transactions\n"),
              lines{"workloads: tessera_workloads must not link tessera_transactions"});
    EXPECT_EQ(check_links("tlm tlm tessera_accelerator\n"),
              (lines{"tlm: a target named tlm hides SystemC's own header <tlm>",
                     "tlm: tlm must not link tessera_accelerator"}));
    EXPECT_EQ(check_links("accelerator tessera_accelerator tessera_workloads\n"),
              lines{"accelerator: tessera_accelerator must not link tessera_workloads"});
    EXPECT_EQ(check_links("reports tessera_reports tessera_program -lsystemc\n"),
              (lines{"reports: tessera_reports must not link tessera_program",
                     "reports: tessera_reports must not link -lsystemc"}));
}

} // namespace
} // namespace tessera::structure
