// Entry point of every test program that links SystemC, whose library brings main() itself.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/systemc_reports.h"

// SystemC greets before it calls sc_main.
[[maybe_unused]] static const int no_greeting = setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);

int sc_main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
    tessera::test::fail_on_systemc_reports();
    return RUN_ALL_TESTS();
}
