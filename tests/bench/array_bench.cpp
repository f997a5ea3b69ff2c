// Pulsed updates and reads of layer 0, on inputs, errors and pulse trains caught from a training on real images: densities are those
// of the experiment. One call goes through all caught updates, so through all tiles of the layer: the planes come from where they
// come from in a training, mostly the third-level cache.
#include "tests/bench/array_bench.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "cli/config/resolve.h"
#include "cli/run/machine_owner.h"
#include "models/machine/stages.h"
#include "tests/bench/bench_support.h"
#include "workloads/producer.h"
#include "workloads/shuffle.h"

namespace tessera::bench {
namespace {

constexpr std::uint32_t trained = 300, caught = 16; // samples
constexpr std::uint32_t list_limit = 4096;          // devices the core collects before it applies them

// What one UPDATE carried. The train's buffers belong to this object.
struct update {
    std::uint32_t      tile = 0;
    std::vector<float> x, d;
    float              a = 0, b = 0;
    tsr_pulse_train    train{};
    // The same as a list of devices, at most list_limit, with draws in blocks of four a line.
    std::vector<std::uint32_t> device, draw;
    std::vector<std::int16_t>  pulses;
    double                     list_pulses = 0, train_pulses = 0;

    update() = default;
    update(const update &) = delete;
    update &operator=(const update &) = delete;
    ~update() { tsr_pulse_train_destroy(&train); }
};

struct scene {
    explicit scene(const experiment &e) : machine(e), work(tsr_work_create(machine.get().line_max)) {}
    ~scene() { tsr_work_destroy(work); }
    scene(const scene &) = delete;
    scene &operator=(const scene &) = delete;

    machine_owner                        machine;
    tsr_work                            *work;
    std::vector<std::unique_ptr<update>> updates;

    tsr_tile  &tile(const update &u) { return machine.get().tiles[u.tile]; }
    tsr_array &fast(const update &u) { return tile(u).a.memory != nullptr ? tile(u).a : tile(u).w; }
};

void copy_side(const tsr_train_side &from, tsr_train_side &to)
{
    to.lines = from.lines;
    std::copy_n(from.bits, from.lines, to.bits);
    std::copy_n(from.probability, from.lines, to.probability);
    std::copy_n(from.sign, from.lines, to.sign);
}

void make_list(update &u, std::uint32_t stride)
{
    const std::uint32_t       in = u.train.x.lines, out = u.train.d.lines;
    std::vector<std::int32_t> counts(std::size_t{in} * out);
    tsr_pulse_train_counts(&u.train, counts.data());
    std::uint32_t draws = 0;
    for (std::uint32_t j = 0; j < in; ++j) {
        draws = (draws + 3) / 4 * 4;
        for (std::uint32_t i = 0; i < out; ++i) {
            const std::int32_t n = counts[std::size_t{i} * in + j];
            u.train_pulses += std::abs(n);
            if (n == 0 || u.device.size() == list_limit)
                continue;
            u.device.push_back(j * stride + i);
            u.pulses.push_back(static_cast<std::int16_t>(n));
            u.draw.push_back(draws);
            draws += static_cast<std::uint32_t>(std::abs(n));
            u.list_pulses += std::abs(n);
        }
    }
}

void catch_update(scene &s, const tsr_op &op)
{
    auto            u = std::make_unique<update>();
    const tsr_work &work = *s.work;
    u->tile = op.tile;
    u->x.assign(work.x, work.x + work.train.x.lines);
    u->d.assign(work.d, work.d + work.train.d.lines);
    u->a = work.plan.a;
    u->b = work.plan.b;
    if (tsr_pulse_train_create(&u->train, work.line_max) != TSR_OK)
        throw std::bad_alloc();
    u->train.type = work.train.type;
    u->train.slots = work.train.slots;
    copy_side(work.train.x, u->train.x);
    copy_side(work.train.d, u->train.d);
    make_list(*u, s.fast(*u).stride);
    s.updates.push_back(std::move(u));
}

void train_and_catch(scene &s, const experiment &e)
{
    const dataset_owner        data(e);
    const tsr_dataset_view    &view = data.split().train;
    tsr_machine               &machine = s.machine.get();
    std::vector<std::uint32_t> order(view.count);
    tsr_shuffle(e.training.seed, 0, view.count, order.data());
    tsr_producer producer{};
    tsr_program  program{};
    if (tsr_producer_create(&producer, &machine, nullptr) != TSR_OK)
        throw input_error("no op stream for this algorithm");
    for (std::uint32_t k = 0; k < trained + caught; ++k) {
        const tsr_item item{view.images + std::size_t{order[k]} * view.features, view.labels[order[k]]};
        const auto     rate = static_cast<float>(e.training.learning_rate);
        if (tsr_producer_train(&producer, &item, 1, rate, 1, &program) != TSR_OK)
            throw std::runtime_error("the producer failed");
        for (std::uint64_t n = 0; n < program.count; ++n) {
            if (tsr_execute_in_order(&machine, program.ops + n, 1, s.work) != TSR_OK)
                throw std::runtime_error("in-order execution failed");
            if (k >= trained && program.ops[n].kind == TSR_OP_UPDATE && program.ops[n].layer == 0)
                catch_update(s, program.ops[n]);
        }
    }
    tsr_program_destroy(&program);
    tsr_producer_destroy(&producer);
}

using scene_pointer = std::shared_ptr<scene>;

void add_train_bits(const std::string &name, const scene_pointer &s)
{
    double bits = 0;
    for (const auto &u : s->updates)
        bits += 1.0 * u->train.slots * u->train.x.lines;
    add("train_bits/" + name, {"bit", bits, bits * 4}, [s] {
        for (const auto &u : s->updates) {
            tsr_stream stream = s->fast(*u).stream;
            stream.purpose = TSR_PURPOSE_TRAIN_BITS_X;
            tsr_train_draw(stream, u->train.type, u->train.slots, u->x.data(), u->b, nullptr, u->train.x.lines,
                           &s->work->train.x);
        }
    });
}

// 28 bytes of planes a device (weight in and out, both steps, both bounds, reference) and 4 of noise a pulse.
void add_pulses(const std::string &name, const scene_pointer &s)
{
    double listed = 0, list_pulses = 0, train_pulses = 0, touched = 0;
    for (const auto &u : s->updates) {
        listed += static_cast<double>(u->device.size());
        list_pulses += u->list_pulses;
        train_pulses += u->train_pulses;
    }
    touched = listed * train_pulses / std::max(list_pulses, 1.0);
    const auto xi = std::make_shared<std::vector<float>>(std::size_t{list_limit} * TSR_TRAIN_MAX_SLOTS, 0.5f);
    add("device_pulses/" + name, {"pulse", list_pulses, 28 * listed + 4 * list_pulses}, [s, xi] {
        for (const auto &u : s->updates) {
            tsr_array     &array = s->fast(*u);
            tsr_pulse_list list = s->work->scratch.list; // its buffers of weights before and after
            list.count = static_cast<std::uint32_t>(u->device.size());
            list.device = u->device.data();
            list.pulses = u->pulses.data();
            list.draw = u->draw.data();
            benchmark::DoNotOptimize(tsr_device_pulse(&array.spec, &array.planes, &list, xi->data()));
        }
    });
    add("pulse_train/" + name, {"pulse", train_pulses, 28 * touched + 4 * train_pulses}, [s] {
        for (const auto &u : s->updates) {
            tsr_array &array = s->fast(*u);
            benchmark::DoNotOptimize(tsr_array_pulse_train(&array, &u->train, array.stream, &s->work->scratch));
        }
    });
    double devices = 0;
    for (const auto &u : s->updates)
        devices += 1.0 * u->train.x.lines * u->train.d.lines;
    benchmark::AddCustomContext("pulses_per_weight_" + name, std::to_string(train_pulses / devices));
    benchmark::AddCustomContext("touched_share_" + name, std::to_string(touched / devices));
    benchmark::AddCustomContext("pulses_per_update_" + name,
                                std::to_string(train_pulses / static_cast<double>(s->updates.size())));
}

void read_once(scene &s, const update &u, const tsr_io_spec &io, bool backward)
{
    const tsr_array          &array = s.tile(u).w;
    const std::vector<float> &input = backward ? u.d : u.x;
    const auto                n = static_cast<std::uint32_t>(input.size());
    const std::uint32_t       outputs = backward ? array.in : array.out;
    const float               scale = tsr_io_scale(&io, input.data(), n);
    if (scale == 0.0f)
        return;
    tsr_dac_encode(&io, array.stream, input.data(), n, scale, 1.0f, s.work->xq);
    tsr_array_read(&array, &io, array.stream, backward, s.work->xq, s.work->y, s.work->scratch.lines);
    benchmark::DoNotOptimize(tsr_adc_convert(&io, array.stream, s.work->y, outputs));
    tsr_io_rescale(s.work->y, outputs, scale, 1.0f);
}

// Every weight of the tile counts, also those whose line is not driven.
void add_reads(const std::string &name, const scene_pointer &s)
{
    double weights = 0;
    for (const auto &u : s->updates)
        weights += 1.0 * u->train.x.lines * u->train.d.lines;
    const work_done done{"weight", weights, 4 * weights};
    add("read_forward/" + name, done, [s] {
        for (const auto &u : s->updates)
            read_once(*s, *u, s->machine.get().spec.io_forward, false);
    });
    add("read_transposed/" + name, done, [s] {
        for (const auto &u : s->updates)
            read_once(*s, *u, s->machine.get().spec.io_backward, true);
    });
}

} // namespace

void add_array_benchmarks(const named_experiment &e)
{
    const resolved_experiment resolved = resolve(e.file, e.overrides);
    const auto                s = std::make_shared<scene>(resolved.values);
    train_and_catch(*s, resolved.values);
    add_train_bits(e.name, s);
    add_pulses(e.name, s);
    add_reads(e.name, s);
}

} // namespace tessera::bench
