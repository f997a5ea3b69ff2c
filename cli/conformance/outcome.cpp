#include "cli/conformance/outcome.h"

#include <cmath>
#include <limits>

namespace tessera::conformance {

double outcome::over(double deviation, double tolerance)
{
    if (!std::isfinite(deviation) || !(tolerance > 0.0)) {
        return std::numeric_limits<double>::infinity();
    }
    // Rounding of the quotient must not make it pass.
    return std::fmax(deviation / tolerance, std::nextafter(1.0, 2.0));
}

} // namespace tessera::conformance
