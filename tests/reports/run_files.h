// A small run folder, made file by file: what `tessera train` would write for a run of 4 samples.
//
// 1 µs of simulated time (250 ns per sample), of which stages cover 750 ns; 4 nJ of energy (1 nJ per sample).
#ifndef TESSERA_TESTS_REPORTS_RUN_FILES_H
#define TESSERA_TESTS_REPORTS_RUN_FILES_H

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace tessera::test {

struct run_files {
    nlohmann::ordered_json result{{"format", "tessera-run/1"},
                                  {"name", "small"},
                                  {"version", "0.1.0"},
                                  {"status", "complete"},
                                  {"algorithm", "cttv2"},
                                  {"seed", 7},
                                  {"epochs", 2},
                                  {"samples", 4},
                                  {"test_accuracy", 62.5},
                                  {"validation_accuracy", nullptr},
                                  {"train_loss", 1.25},
                                  {"simulated_seconds", 1e-6},
                                  {"energy_joules", 4e-9},
                                  {"evaluation_energy_joules", 5e-9},
                                  {"area_mm2", 2.5},
                                  {"ops", 50},
                                  {"wall_seconds", 0.5},
                                  {"weights_hash", "0x0123456789abcdef"},
                                  {"retries", 3},
                                  {"saturations", 1},
                                  {"assumptions", {"chip.h_bits = 32", "chip.port_bits = 256"}}};
    std::string            ledger = "phase,op,layer,row,name,count,energy_aj,service_ps,wait_ps\n"
                                    "forward,MVM,0,energy,adc,10,1000000000,,\n"
                                    "forward,MVM,0,time,drive,4,,200000,0\n"
                                    "forward,MVM,1,energy,adc,10,500000000,,\n"
                                    "forward,MVM,1,time,drive,4,,100000,0\n"
                                    "backward,MVM_T,1,energy,dac,10,700000001,,\n"
                                    "backward,MVM_T,1,time,convert,4,,250000,0\n"
                                    "update,UPDATE,0,energy,array_write,9,299999999,,\n"
                                    "update,UPDATE,0,time,pulse,4,,200000,0\n"
                                    "evaluate,MVM,0,energy,adc,10,5000000000,,\n"
                                    "evaluate,MVM,0,time,drive,4,,99999999,77\n"
                                    "all,-,0,energy,leakage,1,1500000000,,\n";
    std::string            metrics =
        "epoch,samples,train_loss,test_accuracy,validation_accuracy,simulated_seconds,energy_joules,wall_seconds\n"
        "1,2,2.5,25,,5e-07,2e-09,0.2\n"
        "2,4,1.25,62.5,,1e-06,4e-09,0.5\n";

    void write(const std::filesystem::path &folder) const
    {
        std::filesystem::create_directories(folder);
        write_file(folder / "result.json", result.dump(2) + "\n");
        write_file(folder / "ledger.csv", ledger);
        write_file(folder / "metrics.csv", metrics);
    }

    static void write_file(const std::filesystem::path &file, const std::string &text)
    {
        std::ofstream(file, std::ios::binary) << text;
    }
};

// A folder of this test's own, emptied before and removed after it.
class report_files_test : public testing::Test {
protected:
    void SetUp() override
    {
        const auto *const info = testing::UnitTest::GetInstance()->current_test_info();
        m_folder = std::filesystem::path(testing::TempDir()) /
                   (std::string("tessera_report_") + info->test_suite_name() + "_" + info->name());
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    std::filesystem::path m_folder;
};

} // namespace tessera::test
#endif
