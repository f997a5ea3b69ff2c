// An initiator that does what a test's script says, phase by phase, and writes down what comes back.
#ifndef TESSERA_TESTS_TLM_PROBE_H
#define TESSERA_TESTS_TLM_PROBE_H

#include "tlm/op_pool.h"
#include "tlm/server.h"
#include "tlm/settle.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

namespace tessera::test {

// How the probe completes a handshake on BEGIN_RESP.
enum class completion { by_call, by_status, by_phase, never };

class probe : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(probe);

    // What to do when, in the order of time. No thread: sanitizers do not follow its stack.
    struct step {
        std::uint64_t                at_ps;
        std::function<void(probe &)> act;
    };
    using script = std::vector<step>;

    probe(const sc_core::sc_module_name &name, const settle_process &settle, script play)
        : sc_core::sc_module(name), m_script(std::move(play))
    {
        for (std::uint32_t unit = 0; unit < settle.unit_count(); ++unit) {
            m_out.push_back(std::make_unique<op_initiator_socket<probe>>(("out_" + std::to_string(unit)).c_str()));
            m_out.back()->register_nb_transport_bw(this, &probe::nb_transport_bw, static_cast<int>(unit));
            m_out.back()->bind(settle.unit(unit)->in);
        }
        SC_METHOD(play_script);
    }

    // A payload that asks for `units`, not yet presented.
    op_payload &prepare(std::uint64_t id, const std::vector<std::uint32_t> &units)
    {
        tsr_op op{};
        op.id = id;
        op.number = id; // one stage per op in the plan
        op_payload   &payload = m_pool.acquire(op);
        stage_request request;
        request.stage = TSR_STAGE_DRIVE;
        request.unit_count = static_cast<std::uint32_t>(units.size());
        for (std::size_t i = 0; i < units.size() && i < request.units.size(); ++i)
            request.units[i] = units[i];
        request.request_ps = sc_core::sc_time_stamp().value();
        op_transaction::of(payload).begin_stage(request, request.request_ps);
        return payload;
    }

    tlm::tlm_sync_enum send(op_payload &payload, std::uint32_t unit, tlm::tlm_phase phase = tlm::BEGIN_REQ,
                            sc_core::sc_time delay = sc_core::SC_ZERO_TIME)
    {
        return (*m_out[unit])->nb_transport_fw(payload, phase, delay);
    }

    void ask(std::uint64_t id, const std::vector<std::uint32_t> &units)
    {
        op_payload &payload = prepare(id, units);
        for (const std::uint32_t unit : units)
            send(payload, unit);
    }

    // "time op unit phase" of each backward call, in their order.
    std::vector<std::string> seen;
    completion               complete = completion::by_call;

private:
    void play_script()
    {
        while (m_played < m_script.size()) {
            const std::uint64_t now = sc_core::sc_time_stamp().value();
            if (m_script[m_played].at_ps > now) {
                next_trigger(sc_core::sc_time::from_value(m_script[m_played].at_ps - now));
                return;
            }
            m_script[m_played++].act(*this);
        }
    }

    tlm::tlm_sync_enum nb_transport_bw(int unit, op_payload &payload, tlm::tlm_phase &phase, sc_core::sc_time & /* 0 */)
    {
        seen.push_back(std::to_string(sc_core::sc_time_stamp().value()) + " " +
                       std::to_string(op_transaction::op_of(payload).id) + " " + std::to_string(unit) + " " +
                       phase.get_name());
        if (phase != tlm::BEGIN_RESP || complete == completion::never)
            return tlm::TLM_ACCEPTED;
        if (complete == completion::by_status)
            return tlm::TLM_COMPLETED;
        if (complete == completion::by_phase) {
            phase = tlm::END_RESP;
            return tlm::TLM_UPDATED;
        }
        send(payload, static_cast<std::uint32_t>(unit), tlm::END_RESP);
        return tlm::TLM_ACCEPTED;
    }

    script                                                   m_script;
    std::size_t                                              m_played = 0;
    op_pool                                                  m_pool;
    std::vector<std::unique_ptr<op_initiator_socket<probe>>> m_out;
};

} // namespace tessera::test
#endif
