// One tile that trains: A, W and the digital side, driven vector by vector as the chip's ops do.
#ifndef TESSERA_CLI_CONFORMANCE_TRAINER_H
#define TESSERA_CLI_CONFORMANCE_TRAINER_H

#include <memory>

#include "cli/conformance/test_array.h"
#include "models/training/transfer.h"

namespace tessera::conformance {

tsr_algorithm_spec read_algorithm(const case_node &algorithm);

class trainer {
public:
    // `g_update` counts the pulses on A. Arrays are borrowed.
    trainer(test_array &a, test_array &w, const tsr_algorithm_spec &algorithm, const tsr_update_spec &update,
            float g_update, const tsr_io_spec &transfer_io);
    ~trainer();
    trainer(const trainer &) = delete;
    trainer &operator=(const trainer &) = delete;

    // Weights stay as they are; H, p, choppers, counters start anew. `run` keys the noise of what follows.
    void restart(uint64_t run);
    void set_hidden(const matrix &h);

    void step(const std::vector<float> &x, const std::vector<float> &d);

    const tsr_transfer &state() const { return transfer_; }
    matrix              hidden() const { return unsliced(transfer_.h); }
    // A matrix that is stored slice by slice (H, p, p_ref), in rows and columns.
    matrix unsliced(const float *sliced) const;

private:
    void transfer_slice(uint64_t op);
    void create();

    test_array        &a_, &w_;
    tsr_algorithm_spec algorithm_;
    tsr_update_spec    update_;
    float              g_update_;
    tsr_io_spec        io_;
    tsr_transfer       transfer_{};
    uint64_t           op_ = 0;
};

} // namespace tessera::conformance

#endif
