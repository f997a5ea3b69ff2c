// The ledger's names in plain words.
#ifndef TESSERA_REPORTS_WORDS_H
#define TESSERA_REPORTS_WORDS_H

#include "models/accounting/ledger.h"

namespace tessera {

// At most 27 columns of ASCII each.
const char *words_for(tsr_component component);
const char *words_for(tsr_phase phase);
const char *words_for(tsr_op_kind op, tsr_stage stage);

} // namespace tessera
#endif
