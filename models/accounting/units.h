/* models/accounting/units.h — factors from the units of configuration keys to SI. */
#ifndef TESSERA_MODELS_ACCOUNTING_UNITS_H
#define TESSERA_MODELS_ACCOUNTING_UNITS_H

#define TSR_PICO  1e-12
#define TSR_FEMTO 1e-15
#define TSR_ATTO  1e-18

#endif
