// What an experiment file resolves to: defaults, presets, inheritance, --set, origins, and the round trip through TOML.
#include "cli/config/config_text.h"
#include "cli/config/key_table.h"
#include "cli/config/preset_files.h"
#include "tests/cli/config_files.h"

namespace tessera::test {
namespace {

using config_values = config_test;

// Every field that has a key is the same, doubles bit by bit.
void expect_same(experiment &a, experiment &b)
{
    for (const section_spec &section : key_table()) {
        for (const key_spec &key : section.keys) {
            if (key.get) {
                EXPECT_TRUE(same(key.get(section.target(a)), key.get(section.target(b))))
                    << section.name << '.' << key.name;
            }
        }
    }
}

TEST_F(config_values, defaults_are_the_published_ones)
{
    const experiment e = resolved(smallest_experiment).values;
    EXPECT_EQ(e.name, "e");
    EXPECT_EQ(e.network.layers, (std::vector<std::uint32_t>{4, 3}));
    EXPECT_EQ(e.network.bias, TSR_BIAS_DIGITAL);
    EXPECT_EQ(e.training.epochs, 1U);
    EXPECT_EQ(e.training.samples, 0U);
    EXPECT_EQ(e.training.reduction, loss_reduction::sum);
    for (const tsr_io_spec *io : {&e.io_forward, &e.io_backward, &e.io_transfer}) {
        EXPECT_TRUE(same_bits(io->inp_res, 1.0 / 126));
        EXPECT_TRUE(same_bits(io->out_res, 1.0 / 510));
        EXPECT_EQ(io->out_bound, 12);
        EXPECT_EQ(io->out_noise, 0.06);
        EXPECT_EQ(io->max_bm_factor, 16);
        EXPECT_EQ(io->bound_management, TSR_BM_ITERATIVE);
    }
    EXPECT_EQ(e.algorithm.update.desired_bl, 31U);
    EXPECT_TRUE(e.algorithm.update.update_bl_management);
    EXPECT_EQ(e.schedule.policy, schedule_policy::serial);
    EXPECT_FALSE(e.record.spans);
}

TEST_F(config_values, defaults_of_the_algorithm_depend_on_its_name)
{
    const experiment chopped = resolved(smallest_experiment).values;
    EXPECT_EQ(chopped.algorithm.spec.in_chop_prob, 0.1);
    EXPECT_TRUE(chopped.algorithm.spec.auto_scale);
    EXPECT_EQ(chopped.algorithm.reference_a, TSR_REFERENCE_COLUMN);
    const experiment plain = resolved(smallest_experiment, {"algorithm.name=ttv2"}).values;
    EXPECT_EQ(plain.algorithm.spec.name, TSR_ALGORITHM_TTV2);
    EXPECT_EQ(plain.algorithm.spec.in_chop_prob, 0);
    EXPECT_FALSE(plain.algorithm.spec.auto_scale);
    EXPECT_EQ(plain.algorithm.reference_a, TSR_REFERENCE_DEVICE);
}

TEST_F(config_values, preset_then_file_then_override)
{
    const resolved_experiment r =
        resolved(smallest_experiment + "adc_fj = 500\nt_conv_ps = 7\n", {"chip.t_conv_ps=9", "chip.t_conv_ps=11"});
    EXPECT_EQ(r.values.chip.input_lines, 256U);
    EXPECT_EQ(r.values.chip.adc_fj, 500);
    EXPECT_EQ(r.values.chip.t_conv_ps, 11U);
    ASSERT_NE(entry(r, "chip", "input_lines"), nullptr);
    EXPECT_EQ(entry(r, "chip", "input_lines")->origin.rfind("accelerator/presets/rpu_256_14nm.toml:", 0), 0U);
    EXPECT_TRUE(entry(r, "chip", "input_lines")->is_assumption());
    EXPECT_EQ(entry(r, "chip", "adc_fj")->origin, (m_folder / "e.toml").string() + ":9");
    EXPECT_EQ(entry(r, "chip", "adc_fj")->source, "");
    EXPECT_EQ(entry(r, "chip", "adc_fj")->unit, "fJ");
    EXPECT_EQ(entry(r, "chip", "t_conv_ps")->origin, "--set");
    EXPECT_EQ(entry(r, "io", "out_bound")->origin, "default");
    EXPECT_EQ(entry(r, "io", "out_bound")->value, "12.0");
}

TEST_F(config_values, sections_inherit_unless_they_say_otherwise)
{
    const resolved_experiment r =
        resolved(smallest_experiment + "[io]\nadc_bits = 5\nout_noise = 0.5\n[io_transfer]\nout_noise = 0.25\n"
                                       "[device_a]\nc2c = 0.125\n",
                 {"device.dw_min=0.25"});
    EXPECT_TRUE(same_bits(r.values.io_transfer.out_res, 1.0 / 30));
    EXPECT_EQ(r.values.io_forward.out_noise, 0.5);
    EXPECT_EQ(r.values.io_backward.out_noise, 0.5);
    EXPECT_EQ(r.values.io_transfer.out_noise, 0.25);
    EXPECT_EQ(r.values.device_w.c2c, 0.3);
    EXPECT_EQ(r.values.device_a.c2c, 0.125);
    EXPECT_EQ(r.values.device_w.dw_min, 0.25);
    EXPECT_EQ(r.values.device_a.dw_min, 0.25);
    EXPECT_EQ(entry(r, "io_transfer", "out_res"), nullptr) << "an inherited value is listed where it comes from";
    EXPECT_NE(entry(r, "io_transfer", "out_noise"), nullptr);
}

TEST_F(config_values, preset_starts_an_inheriting_section_afresh)
{
    const resolved_experiment r =
        resolved(smallest_experiment +
                 "[device_a]\npreset = \"capacitor\"\n[io]\ndac_bits = 3\n[io_transfer]\npreset = \"ideal\"\n");
    EXPECT_EQ(r.values.device_w.law, TSR_LAW_SOFT_BOUNDS_REFERENCE);
    EXPECT_EQ(r.values.device_a.law, TSR_LAW_LINEAR_STEP);
    EXPECT_GT(r.values.device_a.retention_tau_s, 0);
    EXPECT_FALSE(r.values.device_a.subtract_symmetry_point) << "from the default, not from [device]";
    EXPECT_FALSE(r.values.io_forward.is_perfect);
    EXPECT_TRUE(r.values.io_transfer.is_perfect);
    EXPECT_TRUE(same_bits(r.values.io_transfer.inp_res, 1.0 / 126));
}

TEST_F(config_values, every_shipped_preset_resolves)
{
    for (const std::string &name : preset_names("device", m_folder)) {
        EXPECT_EQ(complaints(smallest_experiment, {"device.preset=" + name}), std::vector<std::string>{}) << name;
    }
    for (const std::string &name : preset_names("chip", m_folder)) {
        EXPECT_EQ(complaints(smallest_experiment, {"chip.preset=" + name}), std::vector<std::string>{}) << name;
    }
    for (const std::string &name : preset_names("io", m_folder)) {
        EXPECT_EQ(complaints(smallest_experiment, {"io_backward.preset=" + name}), std::vector<std::string>{}) << name;
    }
    EXPECT_EQ(preset_names("chip", m_folder), (std::vector<std::string>{"r24_512", "rpu_256_14nm"}));
    EXPECT_EQ(preset_names("io", m_folder), (std::vector<std::string>{"ideal", "typical"}));
    EXPECT_GE(preset_names("device", m_folder).size(), 13U);
}

TEST_F(config_values, presets_are_found_by_name_folder_and_path)
{
    const auto law_of = [this](const std::string &preset) {
        return resolved(smallest_experiment, {"device.preset=" + preset}).values.device_w.law;
    };
    write("presets/ecram.toml", "[device]\nlaw = \"pow_step\"\n[sources]\n");
    EXPECT_EQ(law_of("ecram"), TSR_LAW_POW_STEP) << "beside the experiment before those of the program";
    write("elsewhere/ecram.toml", "[device]\nlaw = \"soft_bounds\"\n[sources]\n");
    EXPECT_EQ(law_of("elsewhere/ecram.toml"), TSR_LAW_SOFT_BOUNDS);
    setenv("TESSERA_PRESETS", ("/nowhere:" + (m_folder / "elsewhere").string()).c_str(), 1);
    EXPECT_EQ(law_of("ecram"), TSR_LAW_SOFT_BOUNDS) << "the environment comes first";
    write("elsewhere/ecram.toml", "[chip]\n");
    EXPECT_EQ(law_of("ecram"), TSR_LAW_POW_STEP) << "a preset of another kind is passed over";
}

TEST_F(config_values, sources_and_ranges_reach_the_list)
{
    write("presets/p.toml",
          "[device]\nlaw = \"constant_step\"\ndw_min = 0.5\nc2c = 0.25\n[sources]\ndefault = \"somebody 2020\"\n"
          "c2c = { source = \"assumption\", low = 0.1, high = 0.5 }\n");
    const resolved_experiment r = resolved("[sources.training]\nlearning_rate = \"tuned\"\n" + smallest_experiment +
                                               "[training]\nlearning_rate = 1\n",
                                           {"device.preset=p"});
    EXPECT_EQ(entry(r, "device", "dw_min")->source, "somebody 2020");
    EXPECT_EQ(entry(r, "device", "c2c")->source, "assumption (low 0.1, high 0.5)");
    EXPECT_EQ(entry(r, "device", "law")->source, "");
    EXPECT_EQ(entry(r, "training", "learning_rate")->source, "tuned");
    EXPECT_EQ(entry(r, "training", "learning_rate")->value, "1.0");
    const std::string table = print_config(r);
    EXPECT_NE(table.find("device.c2c"), std::string::npos) << "in the list of assumptions";
    EXPECT_EQ(table.find("device.dw_min"), std::string::npos);
}

TEST_F(config_values, override_takes_bare_names_and_lists)
{
    const experiment e =
        resolved(smallest_experiment, {"network.layers=[5, 6, 7]", "data.folder=/data/a b", "name=\"x=y\"",
                                       "network.activation=relu", "record.spans=true", "training.learning_rate=1"})
            .values;
    EXPECT_EQ(e.network.layers, (std::vector<std::uint32_t>{5, 6, 7}));
    EXPECT_EQ(e.data.folder, "/data/a b");
    EXPECT_EQ(e.name, "x=y");
    EXPECT_EQ(e.network.activation, TSR_ACTIVATION_RELU);
    EXPECT_TRUE(e.record.spans);
    EXPECT_EQ(e.training.learning_rate, 1);
}

TEST_F(config_values, written_experiment_resolves_to_itself)
{
    const std::vector<std::vector<std::string>> variants = {
        {},
        {"training.learning_rate=5e-324", "device.reference_mean=-0.0", "training.seed=9199999999999999999"},
        {"device_a.preset=reram_es", "device_w.dw_min=0.1", "io_transfer.adc_bits=7", "io_backward.preset=typical"},
        {"device.law=piecewise_step", "device.table_up=[0.1, 1.0, 3.3]", "device.table_down=[1.0, 1.0, 0.7]"},
        {"data.folder=/a\t\"b\"\\c", "algorithm.name=ttv2", "chip.preset=r24_512", "algorithm.stimulus=closed_form"},
    };
    for (const auto &overrides : variants) {
        resolved_experiment first = resolved(smallest_experiment, overrides);
        const std::string   text = to_toml(first);
        resolved_experiment second = resolve(write("config.toml", text));
        expect_same(first.values, second.values);
        ASSERT_EQ(first.list.size(), second.list.size());
        for (std::size_t k = 0; k < first.list.size(); ++k) {
            EXPECT_EQ(first.list[k].key, second.list[k].key);
            EXPECT_EQ(first.list[k].value, second.list[k].value);
            EXPECT_EQ(first.list[k].source, second.list[k].source) << first.list[k].key;
        }
    }
}

TEST_F(config_values, machine_spec_and_learning_rate)
{
    const experiment e =
        resolved(smallest_experiment,
                 {"training.seed=7", "training.batch_size=3", "network.init_scale=0.5", "algorithm.freeze_a=true",
                  "device_a.c2c=0.75", "io_transfer.out_bound=3", "training.learning_rate=0.5", "training.lr_decay=0.5",
                  "training.lr_decay_epochs=2", "training.lr_decay_samples=100"})
            .values;
    const tsr_machine_spec spec = to_machine_spec(e);
    EXPECT_EQ(spec.seed, 7U);
    EXPECT_EQ(spec.batch_size, 3U);
    EXPECT_EQ(spec.init_weight_scale, 0.5);
    EXPECT_TRUE(spec.freeze_a);
    EXPECT_EQ(spec.device_w.c2c, 0.3);
    EXPECT_EQ(spec.device_a.c2c, 0.75);
    EXPECT_EQ(spec.io_forward.out_bound, 12);
    EXPECT_EQ(spec.io_transfer.out_bound, 3);
    EXPECT_EQ(spec.chip.input_lines, 256U);
    EXPECT_EQ(spec.algorithm.name, TSR_ALGORITHM_CTTV2);
    EXPECT_EQ(spec.reference_a, TSR_REFERENCE_COLUMN);
    EXPECT_EQ(spec.layer_count, 0U);
    EXPECT_EQ(scheduled_rate(e.training, 0, 0), 0.5);
    EXPECT_EQ(scheduled_rate(e.training, 1, 99), 0.5);
    EXPECT_EQ(scheduled_rate(e.training, 1, 100), 0.25);
    EXPECT_EQ(scheduled_rate(e.training, 2, 99), 0.25);
    EXPECT_EQ(scheduled_rate(e.training, 5, 299), 0.03125);
}

TEST_F(config_values, experiments_of_the_repository_resolve)
{
    const std::filesystem::path folder = std::filesystem::path(TESSERA_SOURCE_DIR) / "workloads/experiments";
    const char *const           demo[] = {"fp", "sgd", "ttv2", "cttv2"};
    for (const char *const name : demo) {
        const experiment e = resolve(folder / (std::string("fashion-mnist-") + name + ".toml")).values;
        EXPECT_STREQ(tsr_algorithm_name_text(e.algorithm.spec.name), name);
        EXPECT_EQ(e.network.layers, (std::vector<std::uint32_t>{784, 256, 128, 10}));
        EXPECT_EQ(e.training.batch_size, 1U);
        EXPECT_EQ(e.chip.input_lines, 256U);
    }
}

} // namespace
} // namespace tessera::test
