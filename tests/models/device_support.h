// Devices for tests: a spec, planes of the right size, and lists of pulses.
#ifndef TESSERA_TESTS_MODELS_DEVICE_SUPPORT_H
#define TESSERA_TESTS_MODELS_DEVICE_SUPPORT_H

#include <cstdint>
#include <vector>

#include "models/device/device.h"

namespace tessera::testing {

inline tsr_device_spec device_spec(tsr_law law)
{
    tsr_device_spec spec{};
    spec.law = law;
    spec.dw_min = 0.01;
    spec.w_max = 1.0;
    spec.w_min = -1.0;
    return spec;
}

// One array of constructed devices, padded as tsr_array pads.
class Devices {
public:
    Devices(const tsr_device_spec &device, uint32_t in_lines, uint32_t out_lines, uint64_t seed = 1)
        : spec(device), in(in_lines), out(out_lines), stride((out_lines + 15) / 16 * 16)
    {
        const tsr_device_needs needs = tsr_device_plane_needs(&spec);
        planes.w = plane(true);
        planes.step_up = plane(needs.steps);
        planes.step_down = plane(needs.steps);
        planes.w_max = plane(needs.bounds);
        planes.w_min = plane(needs.bounds);
        planes.reference = plane(needs.reference);
        planes.gamma_up = plane(needs.gamma);
        planes.gamma_down = plane(needs.gamma);
        planes.persistent = plane(needs.persistent);
        planes.tau_s = plane(needs.tau);
        planes.converge = plane(needs.converge);
        const tsr_stream stream = tsr_stream_create(seed, 1);
        corrupt = tsr_device_construct(&spec, &stream, in, out, stride, &planes);
    }
    Devices(const Devices &) = delete;
    Devices &operator=(const Devices &) = delete;

    uint32_t index(uint32_t i, uint32_t j) const { return j * stride + i; }

    // All devices of a plane, without the padding.
    std::vector<double> values(const float *plane_data) const
    {
        std::vector<double> all;
        for (uint32_t j = 0; j < in; ++j) {
            for (uint32_t i = 0; i < out; ++i) {
                all.push_back(static_cast<double>(plane_data[index(i, j)]));
            }
        }
        return all;
    }

    void write_all(float w)
    {
        for (uint32_t j = 0; j < in; ++j) {
            for (uint32_t i = 0; i < out; ++i) {
                tsr_device_write(&spec, &planes, index(i, j), w);
            }
        }
    }

    // `pulses` pulses on every device; xi may be empty or hold |pulses| draws for each device. Returns devices at a bound.
    uint32_t pulse_all(int pulses, const std::vector<float> &xi = {})
    {
        std::vector<uint32_t> device, draw;
        std::vector<int16_t>  count;
        const auto            draws_each = static_cast<uint32_t>(pulses < 0 ? -pulses : pulses);
        for (uint32_t j = 0; j < in; ++j) {
            for (uint32_t i = 0; i < out; ++i) {
                draw.push_back(static_cast<uint32_t>(device.size()) * draws_each);
                device.push_back(index(i, j));
                count.push_back(static_cast<int16_t>(pulses));
            }
        }
        const tsr_pulse_list list{
            static_cast<uint32_t>(device.size()), device.data(), count.data(), draw.data(), nullptr, nullptr};
        return tsr_device_pulse(&spec, &planes, &list, xi.empty() ? nullptr : xi.data());
    }

    tsr_device_spec   spec;
    uint32_t          in, out, stride;
    tsr_device_planes planes{};
    uint32_t          corrupt = 0;

private:
    float *plane(bool needed)
    {
        if (!needed) {
            return nullptr;
        }
        memory_.emplace_back(static_cast<size_t>(in) * stride, 0.0f);
        return memory_.back().data();
    }
    std::vector<std::vector<float>> memory_;
};

} // namespace tessera::testing

#endif
