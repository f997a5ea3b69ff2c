// Disturbances of the order in which things of one instant happen: what the grant rule must make invisible.
//
//   restless_unit     finishes up to three delta cycles late, so that completions of one instant come in any order
//   restless_player   hands completed stages on up to three delta cycles late and in any order, and presents the units of a
//                     stage in any order, in different delta cycles
//   hasty_unit        a restless unit with the fault that the rule excludes: it grants when it finishes
#ifndef TESSERA_TESTS_TLM_PERMUTED_CHIP_H
#define TESSERA_TESTS_TLM_PERMUTED_CHIP_H

#include "tests/tlm/small_chip.h"

#include <cstdint>
#include <random>
#include <systemc>
#include <utility>
#include <vector>

namespace tessera::test {

class restless_unit : public plain_unit {
public:
    restless_unit(const sc_core::sc_module_name &name, const server_config &config, const chip_services &services,
                  planned_durations &model, std::mt19937_64 &random)
        : plain_unit(name, config, services, model), m_random(random)
    {}

    std::uint64_t postponed() const { return m_postponed; }

protected:
    void         finish() override;
    virtual void finished() {}

private:
    std::mt19937_64 &m_random;
    unsigned         m_patience = 0; // delta cycles that this activation may still be late
    bool             m_late = false;
    std::uint64_t    m_postponed = 0;
};

class hasty_unit : public restless_unit {
public:
    using restless_unit::restless_unit;

protected:
    void finished() override
    {
        op_transaction *first = startable();
        while (first != nullptr && !first->candidate) { // candidates are the settle process's
            start(*first);
            first = startable();
        }
    }
};

class restless_player : public plan_player {
public:
    SC_HAS_PROCESS(restless_player);

    restless_player(const sc_core::sc_module_name &name, const settle_process &settle, const plan &ops,
                    std::mt19937_64 &random);

    std::uint64_t postponed() const { return m_postponed; }

protected:
    void stage_done(op_payload &payload) override;
    void ask(op_payload &payload, const stage_request &request) override;

private:
    struct presentation {
        op_payload   *payload;
        std::uint32_t unit;
    };

    void stir();

    std::mt19937_64          &m_random;
    std::vector<op_payload *> m_done;    // to be handed on
    std::vector<presentation> m_pending; // to be presented
    sc_core::sc_event         m_stir{"something_left"};
    std::uint64_t             m_postponed = 0;
};

} // namespace tessera::test
#endif
