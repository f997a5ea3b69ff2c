/* workloads/network.h — a multi-layer perceptron, and how its layers are cut into tiles and placed on cores.
 *
 * Cut: `tiling = equal` takes the fewest rows and columns of tiles that fit the arrays and makes them as equal as
 * whole lines allow (784 inputs on 256 lines: 4 × 196; 785: 3 × 197 + 194). `tiling = packed` fills arrays and leaves
 * the rest to the last (784: 3 × 256 + 16). An analog bias is one more input line of every layer, the last one.
 *
 * Place: tiles are numbered layer by layer, in a layer row·columns + column, and fill cores of `tiles_per_core` in that
 * order. A layer starts a new core only if not all of its tiles fit into what is left of the current one. Hence tile k
 * of a layer sits in core  layer.core + k / tiles_per_core,  wherever the layer starts. */
#ifndef TESSERA_WORKLOADS_NETWORK_H
#define TESSERA_WORKLOADS_NETWORK_H

#include <stdint.h>

#include "models/base/status.h"
#include "models/chip/chip_spec.h"
#include "models/machine/machine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TSR_NETWORK_MAX_LAYERS 1024u    /* layers of weights            */
#define TSR_NETWORK_MAX_UNITS  1048576u /* of one layer, 2²⁰            */
#define TSR_NETWORK_MAX_TILES  1048576u /* of the whole network, 2²⁰    */

typedef struct tsr_network {
    uint32_t        layer_count; /* layers of weights, 1 … TSR_NETWORK_MAX_LAYERS                               */
    const uint32_t *sizes;       /* [layer_count + 1] units, inputs first; borrowed; 1 … TSR_NETWORK_MAX_UNITS  */
    tsr_activation  activation;  /* of every layer but the last, whose softmax belongs to the loss              */
    tsr_bias        bias;        /* of every layer                                                              */
} tsr_network;

/* Fills layers[0 … layer_count−1]; the chip's input_lines, output_lines, tiles_per_core and tiling are used. The last
 * layer gets TSR_ACTIVATION_NONE. TSR_E_ARGUMENT with a line for the user in *error (may be NULL) that names the key,
 * if a size is 0 or above its limit or an enumerator is unknown; layers[] is then unspecified. `capacity` below
 * layer_count is TSR_E_ARGUMENT as well. */
tsr_status tsr_network_map(const tsr_network *network, const tsr_chip_spec *chip, tsr_layer_spec layers[],
                           uint32_t capacity, tsr_error *error);

#ifdef __cplusplus
}
#endif
#endif
