// Arrays, converters and trains of the C core, set up from the blocks of a case.
#ifndef TESSERA_CLI_CONFORMANCE_TEST_ARRAY_H
#define TESSERA_CLI_CONFORMANCE_TEST_ARRAY_H

#include <cstdint>
#include <vector>

#include "cli/conformance/case_node.h"
#include "models/crossbar/array.h"
#include "models/periphery/converter.h"
#include "models/periphery/pulse_train.h"

namespace tessera::conformance {

enum class noise { none, allowed };

// A tsr_array that holds the cross-points of a `device` block instead of devices drawn by the core.
class test_array {
public:
    // `id` 1 for A (or the only array), 2 for W: it keys the noise.
    test_array(const case_node &device, uint32_t rows, uint32_t columns, uint32_t id, noise allowed);
    // Devices drawn by the core itself.
    test_array(const tsr_device_spec &spec, uint32_t rows, uint32_t columns, uint32_t id, uint64_t seed);
    // No device: a matrix of numbers.
    test_array(uint32_t rows, uint32_t columns);
    ~test_array();
    test_array(const test_array &) = delete;
    test_array &operator=(const test_array &) = delete;

    void   set_weights(const matrix &weights);
    matrix weights() const;

    // One pulsed rank-1 update with update.g = g; `chop_x`, `chop_d` (±1 per line) may be NULL. Returns the signed counts if asked.
    void update(const tsr_update_spec &spec, float learning_rate, float g, const std::vector<float> &x,
                const std::vector<float> &d, const int8_t *chop_x, const int8_t *chop_d, uint64_t op,
                std::vector<int32_t> *counts = nullptr);

    // `pulses` signed pulses on every device, without noise.
    void pulse_everywhere(int64_t pulses);

    // A read without management of the result: y has rows (forward) or columns numbers. `retries` counts passes but the first.
    std::vector<float> read(const tsr_io_spec &io, bool backward, const std::vector<float> &x, uint64_t op,
                            uint32_t *retries = nullptr);

    // The array's own g (key `device.g`, or the core's formula for drawn devices).
    float      granularity() const { return granularity_; }
    tsr_array *operator->() { return &array_; }

    // signed pulses[k] on device k of a column, or of a row.
    void pulse_slice(bool rows, uint32_t slice, const int8_t *pulses, uint64_t op);

private:
    void create(const tsr_device_spec &spec, uint32_t rows, uint32_t columns, uint32_t id, uint64_t seed);
    void fill(float *plane, const matrix &values);

    tsr_array             array_{};
    tsr_pulse_scratch     scratch_{};
    tsr_pulse_train       train_{};
    std::vector<uint32_t> lines_;
    float                 granularity_ = 0.0f;
};

tsr_io_spec     read_io(const case_node &io);
tsr_update_spec read_update(const case_node &update, tsr_pulse_type expected_type);

} // namespace tessera::conformance

#endif
