#include "cli/conformance/test_array.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "models/device/device.h"

namespace tessera::conformance {
namespace {

constexpr uint64_t vector_seed = 20; // any: the bounds of the statistical kinds hold for every seed

void check(tsr_status status, const tsr_error &error)
{
    if (status != TSR_OK) {
        throw format_error(error.text[0] != '\0' ? error.text : tsr_status_name(status));
    }
}

tsr_law law_named(const case_node &node)
{
    const std::string name = node.text();
    for (int law = TSR_LAW_IDEAL + 1; law < TSR_LAW_COUNT; ++law) {
        if (name == tsr_law_name(static_cast<tsr_law>(law))) {
            return static_cast<tsr_law>(law);
        }
    }
    node.fail(fmt::format("names the unknown law '{}'", name));
}

void read_table(const case_node &node, uint32_t length, float *table)
{
    const std::vector<float> values = node.vector(length);
    std::copy(values.begin(), values.end(), table);
}

// Scalars of a `device` block. Bounds, steps and γ of the cross-points replace the nominal ones later.
tsr_device_spec read_device(const case_node &device, noise allowed)
{
    tsr_device_spec spec{};
    spec.law = law_named(device.at("law"));
    spec.dw_min = device.at("g").number();
    spec.w_max = 1.0;
    spec.w_min = -1.0;
    spec.c2c = device.at("c2c").number();
    if (allowed == noise::none && spec.c2c != 0.0) {
        device.at("c2c").fail("is not 0 in a kind without noise");
    }
    if (device.at("write_noise").number() != 0.0) {
        device.at("write_noise").fail("is not 0: no kind defines it");
    }
    const std::string mode = device.at("c2c_mode").text();
    if (mode != "additive" && mode != "multiplicative") {
        device.at("c2c_mode").fail("is neither 'additive' nor 'multiplicative'");
    }
    spec.c2c_additive = mode == "additive";
    if (spec.law == TSR_LAW_EXP_STEP) {
        spec.gamma_up = device.at("gamma_up").number();
        spec.gamma_down = device.at("gamma_down").number();
        spec.exp_a = device.at("a").number();
        spec.exp_b = device.at("b").number();
        spec.exp_A_up = device.at("A_up").number();
        spec.exp_A_down = device.at("A_down").number();
    }
    if (spec.law == TSR_LAW_PIECEWISE_STEP) {
        const size_t length = device.at("table_up").vector().size();
        if (length < 1 || length > TSR_DEVICE_TABLE_MAX) {
            device.at("table_up")
                .fail(fmt::format("has {} entries, 1 to {} are supported", length, TSR_DEVICE_TABLE_MAX));
        }
        spec.table_length = static_cast<uint32_t>(length);
        read_table(device.at("table_up"), spec.table_length, spec.table_up);
        read_table(device.at("table_down"), spec.table_length, spec.table_down);
    }
    return spec;
}

matrix read_signed(const case_node &node, uint32_t rows, uint32_t columns, bool positive)
{
    matrix values = node.grid(rows, columns);
    for (const float value : values.values) {
        if (positive ? !(value > 0.0f) : !(value < 0.0f)) {
            node.fail(fmt::format("holds {}, every number must be {} 0", value, positive ? ">" : "<"));
        }
    }
    return values;
}

float largest(const std::vector<float> &values)
{
    float most = 0.0f;
    for (const float value : values) {
        most = std::max(most, std::fabs(value));
    }
    return most;
}

} // namespace

void test_array::create(const tsr_device_spec &spec, uint32_t rows, uint32_t columns, uint32_t id, uint64_t seed)
{
    const tsr_conductance conductance{2.0, 1.0, 0.0}; // energy is not under test here
    tsr_error             error{};
    check(tsr_array_create(&array_, &spec, &conductance, id, columns, rows, seed, &error), error);
    check(tsr_pulse_scratch_create(&scratch_, std::max(rows, columns)), error);
    check(tsr_pulse_train_create(&train_, std::max(rows, columns)), error);
    lines_.resize(std::max(rows, columns));
    granularity_ = static_cast<float>(array_.granularity);
}

test_array::test_array(const case_node &device, uint32_t rows, uint32_t columns, uint32_t id, noise allowed)
{
    const tsr_device_spec spec = read_device(device, allowed);
    try {
        create(spec, rows, columns, id, vector_seed);
    } catch (const format_error &error) {
        device.fail(fmt::format("cannot be built: {}", error.what()));
    }
    granularity_ = device.at("g").single();
    tsr_device_planes &planes = array_.planes;
    fill(planes.step_up, read_signed(device.at("step_up"), rows, columns, true));
    fill(planes.step_down, read_signed(device.at("step_down"), rows, columns, true));
    fill(planes.w_max, read_signed(device.at("w_max"), rows, columns, true));
    fill(planes.w_min, read_signed(device.at("w_min"), rows, columns, false));
    if (planes.reference != nullptr) {
        fill(planes.reference, device.at("reference").grid(rows, columns));
    }
    if (planes.gamma_up != nullptr) {
        fill(planes.gamma_up, device.at("gamma_up").grid(rows, columns));
        fill(planes.gamma_down, device.at("gamma_down").grid(rows, columns));
    }
}

test_array::test_array(const tsr_device_spec &spec, uint32_t rows, uint32_t columns, uint32_t id, uint64_t seed)
{
    create(spec, rows, columns, id, seed);
}

test_array::test_array(uint32_t rows, uint32_t columns)
{
    tsr_device_spec spec{};
    spec.law = TSR_LAW_IDEAL;
    spec.dw_min = 1.0;
    spec.w_max = 1.0;
    spec.w_min = -1.0;
    create(spec, rows, columns, 1, vector_seed);
}

test_array::~test_array()
{
    tsr_pulse_train_destroy(&train_);
    tsr_pulse_scratch_destroy(&scratch_);
    tsr_array_destroy(&array_);
}

void test_array::fill(float *plane, const matrix &values)
{
    for (uint32_t j = 0; j < array_.in; ++j) {
        for (uint32_t i = 0; i < array_.out; ++i) {
            plane[static_cast<size_t>(j) * array_.stride + i] = values.at(i, j);
        }
    }
}

void test_array::set_weights(const matrix &weights) { tsr_array_set_weights(&array_, weights.values.data()); }

matrix test_array::weights() const
{
    matrix all{array_.out, array_.in, std::vector<float>(static_cast<size_t>(array_.out) * array_.in)};
    tsr_array_get_weights(&array_, all.values.data());
    return all;
}

void test_array::update(const tsr_update_spec &spec, float learning_rate, float g, const std::vector<float> &x,
                        const std::vector<float> &d, const int8_t *chop_x, const int8_t *chop_d, uint64_t op,
                        std::vector<int32_t> *counts)
{
    const tsr_train_plan plan = tsr_train_plan_make(&spec, learning_rate, g, largest(x), largest(d));
    if (counts != nullptr) {
        counts->assign(x.size() * d.size(), 0);
    }
    // A train of the core holds 64 slots; slots are independent, so a longer one is several trains with the same probabilities.
    const bool     stochastic = spec.pulse_type == TSR_PULSE_STOCHASTIC;
    const uint32_t most = stochastic ? TSR_TRAIN_MAX_SLOTS : plan.slots;
    uint8_t        part = 0;
    for (uint32_t done = 0; done < plan.slots; done += most, ++part) {
        tsr_stream stream = tsr_stream_at(array_.stream, op, TSR_PURPOSE_TRAIN_BITS_X);
        stream.retry = part;
        train_.type = spec.pulse_type;
        train_.slots = std::min(most, plan.slots - done);
        tsr_train_draw(stream, train_.type, train_.slots, x.data(), plan.b, chop_x, array_.in, &train_.x);
        stream.purpose = TSR_PURPOSE_TRAIN_BITS_D;
        tsr_train_draw(stream, train_.type, train_.slots, d.data(), plan.a, chop_d, array_.out, &train_.d);
        tsr_array_pulse_train(&array_, &train_, stream, &scratch_);
        if (counts != nullptr) {
            tsr_pulse_train_counts(&train_, counts->data()); // only asked for where one train is all
        }
    }
}

void test_array::pulse_everywhere(int64_t pulses)
{
    std::vector<uint32_t> device;
    for (uint32_t j = 0; j < array_.in; ++j) {
        for (uint32_t i = 0; i < array_.out; ++i) {
            device.push_back(j * array_.stride + i);
        }
    }
    while (pulses != 0) {
        const auto            now = static_cast<int16_t>(std::clamp<int64_t>(pulses, -INT16_MAX, INT16_MAX));
        std::vector<int16_t>  count(device.size(), now);
        std::vector<uint32_t> draw(device.size(), 0);
        const tsr_pulse_list  list{
            static_cast<uint32_t>(device.size()), device.data(), count.data(), draw.data(), nullptr, nullptr};
        tsr_device_pulse(&array_.spec, &array_.planes, &list, nullptr);
        pulses -= now;
    }
    tsr_array_resum(&array_);
}

void test_array::pulse_slice(bool rows, uint32_t slice, const int8_t *pulses, uint64_t op)
{
    tsr_array_pulse_slice(&array_, tsr_stream_at(array_.stream, op, TSR_PURPOSE_C2C), rows, slice, pulses, &scratch_);
}

std::vector<float> test_array::read(const tsr_io_spec &io, bool backward, const std::vector<float> &x, uint64_t op,
                                    uint32_t *retries)
{
    const uint32_t     inputs = backward ? array_.out : array_.in, outputs = backward ? array_.in : array_.out;
    tsr_stream         stream = tsr_stream_at(array_.stream, op, TSR_PURPOSE_INPUT_NOISE);
    std::vector<float> y(outputs, 0.0f), xq(inputs);
    const float        s = tsr_io_scale(&io, x.data(), inputs);
    float              r = 1.0f;
    bool               again = s > 0.0f;
    while (again) {
        tsr_dac_encode(&io, stream, x.data(), inputs, s, r, xq.data());
        tsr_array_read(&array_, &io, stream, backward, xq.data(), y.data(), lines_.data());
        const bool overflow = tsr_adc_convert(&io, stream, y.data(), outputs);
        again = tsr_io_retry(&io, backward, overflow, r);
        r = again ? 2.0f * r : r;
        stream.retry = static_cast<uint8_t>(stream.retry + (again ? 1 : 0));
    }
    tsr_io_rescale(y.data(), outputs, s, r);
    if (retries != nullptr) {
        *retries = stream.retry;
    }
    return y;
}

tsr_io_spec read_io(const case_node &io)
{
    tsr_io_spec spec = tsr_io_default();
    spec.is_perfect = io.has("is_perfect") && io.at("is_perfect").flag();
    if (spec.is_perfect) {
        return spec;
    }
    spec.inp_bound = io.at("inp_bound").number();
    spec.inp_res = io.at("inp_res").number();
    spec.inp_noise = io.at("inp_noise").number();
    spec.out_bound = io.at("out_bound").number();
    spec.out_res = io.at("out_res").number();
    spec.out_noise = io.at("out_noise").number();
    spec.w_noise = io.at("w_noise").number();
    spec.ir_drop = io.at("ir_drop").number();
    spec.ir_drop_g_ratio = spec.ir_drop > 0.0 ? io.at("ir_drop_g_ratio").number() : 1.0;
    const std::string scale = io.at("noise_management").text(), bound = io.at("bound_management").text();
    if (scale == "constant") {
        spec.nm_constant = io.at("nm_constant").number();
    } else if (scale != "abs_max" && scale != "none") {
        io.at("noise_management").fail(fmt::format("is '{}', expected abs_max, none or constant", scale));
    }
    spec.noise_management = scale == "constant" ? TSR_NM_CONSTANT : scale == "none" ? TSR_NM_NONE : TSR_NM_ABS_MAX;
    if (bound != "iterative" && bound != "none") {
        io.at("bound_management").fail(fmt::format("is '{}', expected iterative or none", bound));
    }
    spec.bound_management = bound == "iterative" ? TSR_BM_ITERATIVE : TSR_BM_NONE;
    spec.max_bm_factor = bound == "iterative" ? io.at("max_bm_factor").number() : 1.0;
    tsr_error error{};
    if (tsr_io_check(&spec, &error) != TSR_OK) {
        io.fail(error.text);
    }
    return spec;
}

tsr_update_spec read_update(const case_node &update, tsr_pulse_type expected_type)
{
    const char *const expected = expected_type == TSR_PULSE_STOCHASTIC ? "stochastic" : "deterministic_implicit";
    if (update.at("pulse_type").text() != expected) {
        update.at("pulse_type")
            .fail(fmt::format("is '{}', this kind uses '{}'", update.at("pulse_type").text(), expected));
    }
    tsr_update_spec spec{};
    spec.pulse_type = expected_type;
    spec.desired_bl = update.at("desired_bl").count(1, 8192);
    spec.update_management = update.at("update_management").flag();
    spec.update_bl_management = update.at("update_bl_management").flag();
    return spec;
}

} // namespace tessera::conformance
