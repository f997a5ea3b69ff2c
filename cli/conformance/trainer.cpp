#include "cli/conformance/trainer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace tessera::conformance {
namespace {

constexpr uint64_t ops_per_run = UINT64_C(1) << 26; // more updates than any case has

float largest(const std::vector<float> &values)
{
    float most = 0.0f;
    for (const float value : values) {
        most = std::max(most, std::fabs(value));
    }
    return most;
}

tsr_algorithm_name algorithm_named(const case_node &node)
{
    const std::string name = node.text();
    for (const tsr_algorithm_name known : {TSR_ALGORITHM_TTV2, TSR_ALGORITHM_CTTV2, TSR_ALGORITHM_AGAD}) {
        if (name == tsr_algorithm_name_text(known)) {
            return known;
        }
    }
    node.fail(fmt::format("is '{}', expected ttv2, cttv2 or agad", name));
}

void read_choppers(const case_node &algorithm, tsr_algorithm_spec &spec)
{
    spec.buffer_granularity = algorithm.at("buffer_granularity").number();
    spec.auto_granularity = algorithm.at("auto_granularity").number();
    spec.in_chop_prob = algorithm.at("in_chop_prob").number();
    spec.in_chop_random = algorithm.at("in_chop_random").flag();
    spec.out_chop_prob = algorithm.at("out_chop_prob").number();
    if (spec.out_chop_prob != 0.0) {
        algorithm.at("out_chop_prob").fail("is not 0: no kind defines it");
    }
    if (spec.name == TSR_ALGORITHM_AGAD) {
        spec.tail_weightening = algorithm.at("tail_weightening").number();
        if (algorithm.at("buffer_cap").number() != 0.0) {
            algorithm.at("buffer_cap").fail("is not 0: no kind defines it");
        }
    }
}

} // namespace

tsr_algorithm_spec read_algorithm(const case_node &algorithm)
{
    const tsr_algorithm_name name = algorithm_named(algorithm.at("name"));
    tsr_algorithm_spec       spec = tsr_algorithm_default(name);
    spec.transfer_every = algorithm.at("transfer_every").count(1, 1000000);
    spec.transfer_columns = algorithm.at("transfer_columns").flag();
    spec.transfer_lr = algorithm.at("lambda_t").number();
    spec.auto_scale = algorithm.at("auto_scale").flag();
    // A fixed L is the core's fast_lr.
    spec.fast_lr = algorithm.at(spec.auto_scale ? "fast_lr" : "learning_rate").number();
    spec.auto_momentum = spec.auto_scale ? algorithm.at("auto_momentum").number() : 0.0;
    spec.momentum = algorithm.at("momentum").number();
    spec.forget_buffer = algorithm.at("forget_buffer").flag();
    spec.bl_transfer = algorithm.at("bl_t").count(1, 127);
    spec.gain_reference = TSR_GAIN_A;
    spec.correct_gradient_magnitudes = false;
    spec.closed_form_stimulus = false;
    spec.in_chop_prob = spec.out_chop_prob = 0.0;
    if (algorithm.at("write_step").number() != 1.0) {
        algorithm.at("write_step").fail("is not 1: no kind defines it");
    }
    if (name == TSR_ALGORITHM_TTV2) {
        spec.thres_scale = algorithm.at("thres_scale").number();
    } else {
        read_choppers(algorithm, spec);
    }
    return spec;
}

trainer::trainer(test_array &a, test_array &w, const tsr_algorithm_spec &algorithm, const tsr_update_spec &update,
                 float g_update, const tsr_io_spec &transfer_io)
    : a_(a), w_(w), algorithm_(algorithm), update_(update), g_update_(g_update), io_(transfer_io)
{
    create();
}

trainer::~trainer() { tsr_transfer_destroy(&transfer_); }

void trainer::create()
{
    tsr_error error{};
    if (tsr_transfer_create(&transfer_, &algorithm_, a_->in, a_->out, a_.granularity(), w_.granularity(),
                            update_.desired_bl, a_->stream, &error) != TSR_OK) {
        throw format_error(error.text);
    }
}

void trainer::restart(uint64_t run)
{
    tsr_transfer_destroy(&transfer_);
    create();
    op_ = run * ops_per_run;
}

void trainer::set_hidden(const matrix &h)
{
    for (uint32_t i = 0; i < h.rows; ++i) {
        for (uint32_t j = 0; j < h.columns; ++j) {
            const size_t slice = algorithm_.transfer_columns ? j : i, element = algorithm_.transfer_columns ? i : j;
            transfer_.h[slice * transfer_.slice_length + element] = h.at(i, j);
        }
    }
}

matrix trainer::unsliced(const float *sliced) const
{
    matrix all{transfer_.out, transfer_.in, std::vector<float>(static_cast<size_t>(transfer_.out) * transfer_.in)};
    for (uint32_t i = 0; i < all.rows; ++i) {
        for (uint32_t j = 0; j < all.columns; ++j) {
            const size_t slice = algorithm_.transfer_columns ? j : i, element = algorithm_.transfer_columns ? i : j;
            all.values[static_cast<size_t>(i) * all.columns + j] = sliced[slice * transfer_.slice_length + element];
        }
    }
    return all;
}

void trainer::step(const std::vector<float> &x, const std::vector<float> &d)
{
    const uint64_t op = ++op_;
    const float    rate = tsr_transfer_rate(&transfer_, largest(x), largest(d));
    a_.update(update_, rate, g_update_, x, d, transfer_.chop_in, transfer_.chop_out, op);
    if (transfer_.counter % algorithm_.transfer_every == 0) {
        transfer_slice(op);
    }
}

void trainer::transfer_slice(uint64_t op)
{
    const bool         rows = !algorithm_.transfer_columns;
    const uint32_t     slice = transfer_.next_slice;
    std::vector<float> one_hot(transfer_.slices, 0.0f);
    one_hot[slice] = 1.0f;
    const std::vector<float> v = a_.read(io_, rows, one_hot, op);
    std::copy(v.begin(), v.end(), transfer_.v);
    tsr_transfer_step(&transfer_, slice, 1.0f, op);
    if (transfer_.fired > 0) {
        w_.pulse_slice(rows, slice, transfer_.fire, op);
    }
}

} // namespace tessera::conformance
