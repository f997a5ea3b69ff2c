// What the arguments of the program mean.
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/config/key_spec.h"

namespace tessera {
namespace {

const char *const set_doc = "Set one value of the experiment, as in --set training.epochs=3; repeatable";

void add_overrides(CLI::App *command, std::vector<std::string> *overrides)
{
    // A list value holds commas and brackets: each --set takes exactly one argument, as it is.
    command->add_option("--set", *overrides, set_doc)
        ->type_name("SECTION.KEY=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->take_all();
}

#ifdef TESSERA_HAS_TRAIN
CLI::App *add_train(CLI::App *app, train_options *options)
{
    CLI::App *const command =
        app->add_subcommand("train", "Train a network on the simulated chip; leaves a run folder");
    command->add_option("experiment", options->experiment, "Experiment file")->required()->type_name("EXPERIMENT.toml");
    add_overrides(command, &options->overrides);
    command->add_option("-o,--output", options->output, "Run folder; default: a new one in runs/")->type_name("DIR");
    command->add_option("--seed", options->seed, "Short for --set training.seed=SEED")->type_name("SEED");
    command->add_option("--data", options->data, "Folder of IDX files, short for --set data.folder=DIR")
        ->type_name("DIR");
    command->add_flag("--quiet", options->quiet, "No progress");
    command->add_flag("--record", options->record, "Write spans.bin, short for --set record.spans=true");
    command->footer("Examples:\n"
                    "  tessera train workloads/experiments/fashion-mnist-cttv2.toml\n"
                    "  tessera train my.toml --set training.epochs=3 --set io.adc_bits=7 -o runs/seven-bits --seed 2");
    return command;
}
#endif

#ifdef TESSERA_HAS_REPORT
CLI::App *add_report(CLI::App *app, report_options *options)
{
    CLI::App *const command = app->add_subcommand("report", "Print and compare finished runs");
    command->add_option("run", options->runs, "Run folders")->required()->type_name("RUN");
    command->add_option("--csv", options->csv, "Write the comparison as CSV as well")->type_name("FILE");
    command->footer("Examples:\n"
                    "  tessera report runs/cttv2\n"
                    "  tessera report runs/fp runs/sgd runs/cttv2 --csv compared.csv");
    return command;
}
#endif

CLI::App *add_config(CLI::App *app, config_options *options)
{
    CLI::App *const command =
        app->add_subcommand("config", "Print every value of an experiment with its origin and source");
    CLI::Option *const file = command->add_option("experiment", options->experiment, "Experiment file");
    file->type_name("EXPERIMENT.toml");
    add_overrides(command, &options->overrides);
    command->add_flag("--toml", options->toml, "Print as a complete experiment file that needs no preset");
    CLI::Option *const keys =
        command->add_flag("--keys", options->keys, "Print every known key, its range and meaning");
    command->callback([file, keys] {
        if (file->count() == 0 && keys->count() == 0) {
            throw CLI::RequiredError("EXPERIMENT.toml (or --keys)");
        }
    });
    command->footer("Examples:\n"
                    "  tessera config workloads/experiments/fashion-mnist-cttv2.toml\n"
                    "  tessera config my.toml --set chip.preset=r24_512\n"
                    "  tessera config --keys");
    return command;
}

// False, and a line for the user, if the first argument is neither a command nor an option.
bool check_command(CLI::App &app, const std::string &name)
{
    std::vector<std::string> names;
    for (const CLI::App *const command : app.get_subcommands([](CLI::App *) { return true; })) {
        names.push_back(command->get_name());
    }
    if (name.rfind('-', 0) == 0 || std::find(names.begin(), names.end(), name) != names.end()) {
        return true;
    }
    const std::string near = nearest_name(name, names);
    fmt::print(stderr, "unknown command '{}'; {}\n", name,
               near.empty() ? "'tessera --help' lists all" : fmt::format("did you mean '{}'?", near));
    return false;
}

} // namespace

int run_command_line(int argc, const char *const *argv)
{
    CLI::App app{"Tessera simulates analog in-memory training accelerators: the simulation is the training.",
                 "tessera"};
    app.set_version_flag("--version", TESSERA_VERSION);
    app.require_subcommand(1);
    app.footer("'tessera COMMAND --help' has options and examples.\n"
               "Exit codes: 0 done, 1 the run failed, 2 wrong input, 130 interrupted.");

    config_options        config;
    const CLI::App *const config_command = add_config(&app, &config);
#ifdef TESSERA_HAS_TRAIN
    train_options         train;
    const CLI::App *const train_command = add_train(&app, &train);
#endif
#ifdef TESSERA_HAS_REPORT
    report_options        report;
    const CLI::App *const report_command = add_report(&app, &report);
#endif
    if (argc > 1 && !check_command(app, argv[1])) {
        return exit_bad_input;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? exit_ok : exit_bad_input;
    }
#ifdef TESSERA_HAS_TRAIN
    if (train_command->parsed()) {
        return run_train(train);
    }
#endif
#ifdef TESSERA_HAS_REPORT
    if (report_command->parsed()) {
        return run_report(report);
    }
#endif
    return config_command->parsed() ? run_config(config) : exit_bad_input;
}

} // namespace tessera
