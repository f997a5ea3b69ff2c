// What a replay of one case found.
#ifndef TESSERA_CLI_CONFORMANCE_OUTCOME_H
#define TESSERA_CLI_CONFORMANCE_OUTCOME_H

#include <string>

namespace tessera::conformance {

class outcome {
public:
    // A value against its expectation; `what` names it for the report and is only used if it is the worst so far.
    template <typename Name>
    void compare(double value, double expected, double tolerance, const Name &what)
    {
        const double deviation = value > expected ? value - expected : expected - value;
        // An infinite or undefined deviation is never within a tolerance.
        const double share =
            deviation <= tolerance ? (tolerance > 0.0 ? deviation / tolerance : 0.0) : over(deviation, tolerance);
        if (share > share_ || place_.empty()) {
            share_ = share;
            place_ = what();
        }
        if (!(deviation <= deviation_)) {
            deviation_ = deviation;
        }
        ++compared_;
    }

    // Counts, signs, indices: equal or failed.
    template <typename Name>
    void compare_exactly(double value, double expected, const Name &what)
    {
        if (value != expected) {
            compare(value, expected, 0.0, what);
        } else {
            ++compared_;
        }
    }

    // Something worth a line although it is not judged.
    void note(std::string text) { note_ = std::move(text); }
    void judged(bool value) { judged_ = value; }

    bool               judged() const { return judged_; }
    bool               passed() const { return compared_ > 0 && share_ <= 1.0; }
    double             deviation() const { return deviation_; }
    double             share() const { return share_; }
    const std::string &place() const { return place_; }
    const std::string &note() const { return note_; }
    size_t             compared() const { return compared_; }

private:
    static double over(double deviation, double tolerance);

    double      deviation_ = 0.0; // largest, in the unit of the value
    double      share_ = 0.0;     // largest, in tolerances
    size_t      compared_ = 0;
    bool        judged_ = true;
    std::string place_, note_;
};

} // namespace tessera::conformance

#endif
