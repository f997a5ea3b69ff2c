// The same experiment gives the same bits: again, with other vector code, and with any amount of evaluation in between.
#include "tests/accelerator/chip_run.h"
#include "tests/support/in_child.h"

#include "models/math/isa.h"

#include <gtest/gtest.h>

namespace tessera::test {
namespace {

struct outcome {
    std::uint64_t hash, training_ps, simulated_ps, training_ops, evaluation_samples;
    tsr_u128      training_aj, evaluation_aj;
};

struct setting {
    std::uint64_t      seed = 1;
    tsr_isa            isa = TSR_ISA_COUNT; // COUNT: as it comes
    std::uint32_t      evaluate_every = 0;
    tsr_algorithm_name algorithm = TSR_ALGORITHM_CTTV2;
    std::uint32_t      batch = 1;
};

// A run in a process of its own: 60 samples of a noisy network.
outcome run(const setting &how)
{
    return in_child<outcome>([&how] {
        if (how.isa != TSR_ISA_COUNT) {
            EXPECT_EQ(tsr_isa_select(how.isa, nullptr), TSR_OK);
        }
        machine_plan parameters = noisy_network(how.algorithm, how.batch);
        parameters.spec.seed = how.seed;
        training_plan plan;
        plan.samples = 60;
        plan.batch = how.batch;
        plan.evaluate_every = how.evaluate_every;
        built_machine   machine(parameters);
        training_source source(*machine, plan);
        chip_run        chip(*machine, source);
        chip.run();
        EXPECT_TRUE(how.isa == TSR_ISA_COUNT || tsr_isa_current() == how.isa);
        return outcome{tsr_machine_hash(&*machine),
                       chip.device().training_ps(),
                       now_ps(),
                       tsr_ledger_training_ops(&machine->ledger),
                       machine->samples - plan.samples,
                       tsr_ledger_training_aj(&machine->ledger),
                       tsr_ledger_evaluation_aj(&machine->ledger)};
    });
}

void expect_same_training(const outcome &a, const outcome &b)
{
    EXPECT_EQ(a.hash, b.hash);
    EXPECT_EQ(a.training_ps, b.training_ps);
    EXPECT_EQ(a.training_ops, b.training_ops);
    EXPECT_TRUE(a.training_aj == b.training_aj);
}

TEST(Determinism, SameSeedSameBits)
{
    const outcome first = run({});
    const outcome second = run({});
    expect_same_training(first, second);
    EXPECT_EQ(first.simulated_ps, first.training_ps); // nothing but training took time
    EXPECT_GT(first.training_ps, 0U);
    EXPECT_GT(first.training_aj, 0U);
}

TEST(Determinism, AnotherSeedGivesAnotherNetwork)
{
    setting other;
    other.seed = 2;
    EXPECT_NE(run({}).hash, run(other).hash);
}

TEST(Determinism, VectorCodeDoesNotMatter)
{
    setting scalar;
    scalar.isa = TSR_ISA_SCALAR;
    const outcome reference = run(scalar);
    for (const tsr_isa isa : {TSR_ISA_BASE, TSR_ISA_AVX2, TSR_ISA_AVX512}) {
        if (!tsr_isa_available(isa))
            continue;
        setting vector;
        vector.isa = isa;
        SCOPED_TRACE(tsr_isa_name(isa));
        expect_same_training(run(vector), reference);
    }
}

TEST(Determinism, EvaluationLeavesNoTraceInTraining)
{
    for (const tsr_algorithm_name algorithm : {TSR_ALGORITHM_SGD, TSR_ALGORITHM_CTTV2}) {
        setting never;
        never.algorithm = algorithm;
        const outcome reference = run(never);
        EXPECT_TRUE(reference.evaluation_aj == 0);
        for (const std::uint32_t every : {1U, 7U, 60U}) {
            setting often = never;
            often.evaluate_every = every;
            const outcome watched = run(often);
            SCOPED_TRACE("evaluated every " + std::to_string(every) + " samples, " +
                         tsr_algorithm_name_text(algorithm));
            expect_same_training(watched, reference);
            EXPECT_EQ(watched.evaluation_samples, 2 * (60 / every));
            EXPECT_TRUE(watched.evaluation_aj > 0);
            EXPECT_GT(watched.simulated_ps, watched.training_ps); // it does take simulated time, just not training's
        }
    }
}

TEST(Determinism, BatchesToo)
{
    setting batches;
    batches.batch = 4;
    const outcome first = run(batches);
    batches.evaluate_every = 8;
    expect_same_training(run(batches), first);
}

} // namespace
} // namespace tessera::test
