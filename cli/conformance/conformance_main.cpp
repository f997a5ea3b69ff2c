#include <iostream>

#include "cli/conformance/command.h"

int main(int argc, char **argv)
{
    return tessera::conformance::run_command(std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr);
}
